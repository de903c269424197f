/** `record download` and `verify`: the record of an opening as files, and the check that trusts no server. */
import type { Command } from 'commander'
import { downloadArchive, recordOfArchive, writeArchiveFile } from '../../client/record-archive.ts'
import { writeRecord } from '../../client/record-folder.ts'
import { downloadRecord, recordDecimals } from '../../client/records.ts'
import { RecordFault } from '../../crypto/record-shape.ts'
import type { TenderRecord } from '../../crypto/record.ts'
import { verifyRecord, type VerifyReport } from '../../crypto/verify-record.ts'
import type { TenderId } from '../../domain/ids.ts'
import { VERIFY_STEP_NAMES_KO, VERIFY_STEPS } from '../../domain/verify-steps.ts'
import type { Action, Context } from '../context.ts'
import { EXIT, UsageError } from '../exit-codes.ts'
import { openingText } from '../opening-table.ts'
import { facts, table } from '../output.ts'
import { readFrom, SOURCE_HELP } from '../record-source.ts'
import { collect, tenderId } from '../values.ts'
import { addSchedule } from './record-schedule.ts'

function reportText (report: VerifyReport, record: TenderRecord): string {
  const columns = [{ name: 'Step' }, { name: '단계' }, { name: 'Checked', align: 'right' }, { name: 'Result' }] as const
  const done = new Map(report.steps.map((step) => [step.name, step]))
  const rows = VERIFY_STEPS.map((name) => {
    const step = done.get(name)
    return [name, VERIFY_STEP_NAMES_KO[name], step === undefined ? '-' : String(step.checked), step === undefined ? 'not reached' : step.ok ? 'ok' : 'FAILED']
  })
  const notes = report.steps.filter(({ ok }) => ok).map(({ name, detail }) => `  ${name}: ${detail}\n`).join('')
  const verdict = report.failure === null
    ? `${openingText(record.opening, recordDecimals(record))}Verified: ${report.tenderId ?? ''}. Opening record SHA-256 ${report.openingSha256 ?? ''}.`
    : `FAILED at ${report.failure.step}: ${report.failure.detail}`
  return `${table(columns, rows)}${notes}${verdict}`
}

export function addVerify (program: Command, action: Action): void {
  program.command('verify <source>')
    .description('check the record of an opening offline: signatures, closing record, keys, prices, ranks, award (개찰 검증)')
    .option('--receipt <file>', 'a receipt whose bid must be in the closing record; may be repeated', collect)
    .option('--cosigner <vkey>', 'the verifier key of somebody who must have cosigned the closing record; may be repeated', collect)
    .option('--crl <file>', 'a revocation list of the platform ("certificate crl --out"): nothing may be signed by a certificate after its revocation')
    .addHelpText('after', `
${SOURCE_HELP}
Name the platform's root certificate with --root (a PEM file, or its SHA-256): everything else hangs on it. Without it the
one pinned in the key folder is taken, else the record's own, and its SHA-256 is shown for you to compare.`)
    .action(action(async (context, source: string, { receipt = [], cosigner = [], crl }: {
      receipt?: string[], cosigner?: string[], crl?: string
    }) => {
      const { record, archive } = await readFrom(context, source)
      const receipts = await Promise.all(receipt.map(async (file) => (await context.readText(file)).trim()))
      const progress = context.progress('verify')
      let done = 0
      const report = await verifyRecord(record, {
        ...await context.trustedRoot(),
        receipts,
        cosigners: cosigner,
        ...(crl === undefined ? {} : { crl: await context.readBytes(crl) }),
        onStep: () => { progress.update(++done, VERIFY_STEPS.length) }
      })
      progress.stop()
      context.out.done({ json: { ...report, archive }, text: `${reportText(report, record)}${archive === null ? '' : `\nArchive of ${archive.files} files, SHA-256 ${archive.sha256}.`}` })
      if (!report.ok) context.exitCode = EXIT.refused
    }))
}

export function addRecord (program: Command, action: Action): void {
  const records = program.command('record').description('records of openings (개찰 기록)')
  addSchedule(records, action)
  records.command('download')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('download the record of an opening as a folder of files, or as one tar archive')
    .option('--out <dir>', 'a new or empty folder; TENDER.record unless told otherwise')
    .option('--archive <file>', 'a new file instead: an archive whose bytes are the same for everybody')
    .action(action(async (context, id: TenderId, options: { out?: string, archive?: string }) => {
      if (options.archive !== undefined && options.out !== undefined) throw new UsageError('Either --out or --archive: a folder or one file.')
      if (options.archive !== undefined) return await saveArchive(context, id, options.archive)
      const directory = options.out ?? `${id}.record`
      const record = await downloadRecord(await context.api(), id)
      const progress = context.progress('write')
      const files = await writeRecord(directory, record, progress.update)
      progress.stop()
      context.out.done({
        json: { tenderId: id, directory, files, leaves: record.leaves.length },
        text: facts([['Tender', id], ['Folder', directory], ['Files', String(files)], ['Bids', String(record.leaves.length)]]),
        next: `bongin verify ${directory} --root ROOT.pem`
      })
    }))
}

/** Nothing is written unless the archive is one, and of this tender. */
async function saveArchive (context: Context, id: TenderId, file: string): Promise<void> {
  const archive = await downloadArchive(await context.api(), id)
  const { record, facts: { sha256, sizeBytes, files } } = await recordOfArchive(archive)
  if (record.opening.tenderId !== id) throw new RecordFault(`The archive is of ${record.opening.tenderId}, not of ${id}.`)
  await writeArchiveFile(file, archive)
  context.out.done({
    json: { tenderId: id, archive: file, sha256, sizeBytes, files, leaves: record.leaves.length },
    text: facts([['Tender', id], ['Archive', file], ['SHA-256', sha256], ['Bytes', String(sizeBytes)], ['Files', String(files)], ['Bids', String(record.leaves.length)]]),
    next: `bongin verify ${file} --root ROOT.pem`
  })
}
