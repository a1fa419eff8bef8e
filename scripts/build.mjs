// npm run build: dist/allim, one executable that needs nothing but the C library. Tests name others: an outfile, the program, its threads.
import { buildWeb, bun, install, run } from "./setup.mjs"

const others = process.argv.slice(2)
const [outfile, ...entries] = others.length > 0 ? others : ["dist/allim", "src/main.ts"]

const compile = [
  "build",
  "--compile",
  "--minify",
  // Embedded, so that stack traces name the lines of the source.
  "--sourcemap=linked",
  // 9 MB larger, and started in 35 ms instead of 115.
  "--bytecode",
  "--format=esm",
  // What it does depends on its arguments and its environment, not on files that happen to lie where it is started.
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  // Entries have their paths in it as in the sources, and src/threads/thread.ts is told the one of threads, which it is bundled away from.
  "--root=.",
  "--define=THREADS_ENTRY='./src/threads/main.js'",
  `--outfile=${outfile}`,
  ...entries,
  "src/threads/main.ts",
]

install()
process.exit((others.length > 0 || buildWeb()) && run(bun, compile) ? 0 : 1)
