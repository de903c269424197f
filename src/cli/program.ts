/**
 * The commands and the options that all of them share. `runCli` is the whole CLI as a function: arguments and the outside
 * world in, exit code out.
 */
import { Command, CommanderError } from 'commander'
import { THUMBPRINT_PATTERN } from '../domain/ids.ts'
import { addBid } from './commands/bid.ts'
import { addCosign } from './commands/cosign.ts'
import { addCertificate } from './commands/certificate.ts'
import { addFeed } from './commands/feed.ts'
import { addInit, addOfficer } from './commands/officer.ts'
import { addNotify } from './commands/notify.ts'
import { addOutage } from './commands/outage.ts'
import { addPasskey } from './commands/passkey.ts'
import { addRecord, addVerify } from './commands/record.ts'
import { addRegistrations } from './commands/registrations.ts'
import { addReplay } from './commands/replay.ts'
import { addRules } from './commands/rules.ts'
import { addRenew, addSupplier, addWhoami } from './commands/supplier.ts'
import { addOpeningCommands } from './commands/tender-open.ts'
import { addPublishCommands } from './commands/tender-publish.ts'
import { addQuestionCommands } from './commands/tender-questions.ts'
import { addReadCommands } from './commands/tender-read.ts'
import { addShareCommands } from './commands/tender-shares.ts'
import { addTechnicalCommands } from './commands/tender-technical.ts'
import { actionWith, DEFAULT_KEYS, DEFAULT_SERVER } from './context.ts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import type { Io } from './io.ts'
import { Output } from './output.ts'

const THUMBPRINT = new RegExp(THUMBPRINT_PATTERN)

export async function runCli (args: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.ok
  const program = makeProgram(io, (code) => { exitCode = code })
  try {
    await program.parseAsync(thumbprintLast(args), { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has told people already; a program wants its one document.
    if (args.includes('--json') && exitCodeOf(error) !== EXIT.ok) new Output(io, true).error(error)
    else if (!(error instanceof CommanderError)) new Output(io, false).error(error)
    return exitCodeOf(error)
  }
}

/** A thumbprint may begin with a hyphen, as one of 64 does: after `revoke` it is no option, and goes behind `--`. */
function thumbprintLast (args: readonly string[]): string[] {
  const at = args.indexOf('revoke') + 1
  const thumbprint = args[at]
  if (at === 0 || thumbprint?.startsWith('-') !== true || !THUMBPRINT.test(thumbprint)) return [...args]
  return [...args.slice(0, at), ...args.slice(at + 1), '--', thumbprint]
}

function makeProgram (io: Io, onEnd: (exitCode: number) => void): Command {
  const program = new Command('bongin')
    .description('Bongin (봉인): sealed-bid e-procurement')
    .option('--json', 'one JSON document on stdout')
    .option('--server <url>', `the server; the key folder's, or ${DEFAULT_SERVER}`)
    .option('--keys <dir>', `the holder's key folder (BONGIN_KEYS, ${DEFAULT_KEYS})`)
    .option('--passphrase-file <file>', 'file with the passphrase of the key folder (or BONGIN_PASSPHRASE, or asked for)')
    .option('--root <pem|sha256>', 'the trusted root certificate of the platform')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .showHelpAfterError('(--help shows the options)')
    .addHelpText('after', '\nExit codes: 0 done, 1 refused or failed check, 2 usage, 3 no answer from the server, 4 local key or file (docs/cli.md).')
    .exitOverride()
  const action = actionWith(io, onEnd)
  addInit(program, action)
  addOfficer(program, action)
  addSupplier(program, action)
  addRegistrations(program, action)
  addCertificate(program, action)
  addPasskey(program, action)
  const tender = program.command('tender').description('tenders (공고)')
  addReadCommands(tender, action)
  addPublishCommands(tender, action)
  addQuestionCommands(tender, action)
  addOpeningCommands(tender, action)
  addShareCommands(tender, action)
  addTechnicalCommands(tender, action)
  addBid(program, action)
  addRecord(program, action)
  addVerify(program, action)
  addReplay(program, action)
  addCosign(program, action)
  addFeed(program, action)
  addNotify(program, action)
  addOutage(program, action)
  addRules(program, action)
  addWhoami(program, action)
  const officer = program.commands.find((command) => command.name() === 'officer')
  if (officer !== undefined) addRenew(officer, action)
  return program
}
