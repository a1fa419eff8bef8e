// npm run build: dist/allim, one executable that needs nothing but the C library.
import { buildWeb, bun, install, run } from "./setup.mjs"

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
  "--outfile=dist/allim",
  "src/main.ts",
]

install()
process.exit(buildWeb() && run(bun, compile) ? 0 : 1)
