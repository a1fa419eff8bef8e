import type { z } from "zod"
import type { Noun, Rows } from "../directory/directory.ts"
import type { Field, FieldType } from "../history/condition.ts"

type Shape = z.ZodRawShape

/** A member's type as filters know it, so that a field cannot be declared as what it is not. */
type FieldTypeOf<Member> =
  Member extends z.ZodOptional<infer Inner>
    ? FieldTypeOf<Inner>
    : Member extends z.ZodISODateTime
      ? "date"
      : Member extends z.ZodType<number>
        ? "number"
        : Member extends z.ZodType<boolean>
          ? "boolean"
          : Member extends z.ZodType<string>
            ? "string"
            : never

type IdOf<S extends Shape> = { [Name in keyof S]: FieldTypeOf<S[Name]> extends "number" ? Name : never }[keyof S]
type Filterable<S extends Shape> = { [Name in keyof S]?: FieldTypeOf<S[Name]> }

/** What an event's data can name, besides the student that every event is about. */
export type Named = Exclude<Noun, "student">

/**
 * A kind of notification. `data` is what its events carry; further members are kept as they are. `fields` are those members that
 * can be filtered on, and so are indexed. `rows` is its enricher: for each noun it looks up, the member of the data that holds the
 * id. A row that is found joins the detail under its noun's name.
 */
export type Kind<Type extends string = string, S extends Shape = Shape, N extends Named = Named> = {
  type: Type
  /** One sentence, for the API's description. */
  summary: string
  data: z.ZodObject<S, z.core.$loose>
  fields: readonly Field[]
  rows: { readonly [Noun in N]?: keyof S & string }
}

type Definition<Type extends string, S extends Shape, N extends Named> = {
  type: Type
  summary: string
  data: z.ZodObject<S, z.core.$loose>
  filterable: Filterable<S>
  rows: { readonly [Noun in N]: IdOf<S> & string }
}

export function defineKind<const Type extends string, S extends Shape, const N extends Named>({
  filterable,
  ...kind
}: Definition<Type, S, N>): Kind<Type, S, N> {
  const fields = Object.entries(filterable).map(([path, type]) => ({ path, type: type as FieldType }))
  return { ...kind, fields }
}

/** The members that a kind's schema knows, as its texts read them. */
export type DataOf<K> = K extends Kind<string, infer S, Named> ? z.output<z.ZodObject<S, z.core.$strip>> : never

/** The rows that a kind looked up: each is absent when it is missing or came too late. */
export type RowsOf<K> = K extends Kind<string, Shape, infer N> ? { [Noun in N]?: Rows[Noun] } : never
