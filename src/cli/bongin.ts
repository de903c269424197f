/** The `bongin` command: the process around `runCli`. */
import { processIo } from './io.ts'
import { runCli } from './program.ts'

// The reader of a pipe may leave early; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error })

process.exitCode = await runCli(process.argv.slice(2), processIo())
