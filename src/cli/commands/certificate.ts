/** `certificate revoke`, `certificate crl`: certificates taken back, and the platform's list of them. */
import { Option, type Command } from 'commander'
import { writeNew } from '../../client/key-folder.ts'
import { revokeCertificate } from '../../client/registration.ts'
import { fetchRevocationList } from '../../client/revocations.ts'
import { REVOCATION_CODES, type RevocationCode } from '../../domain/holder.ts'
import { formatKst } from '../../domain/time.ts'
import type { Action } from '../context.ts'
import { facts, table } from '../output.ts'

export function addCertificate (program: Command, action: Action): void {
  const certificate = program.command('certificate').description('certificates (인증서)')

  certificate.command('revoke <thumbprint>')
    .description('revoke a certificate; platform officers (인증서 폐지)')
    .requiredOption('--reason <text>')
    .addOption(new Option('--code <code>', 'the reason in the revocation list').choices(REVOCATION_CODES).default('unspecified'))
    .action(action(async (context, thumbprint: string, { reason, code }: { reason: string, code: typeof REVOCATION_CODES[number] }) => {
      await context.withSession(async ({ api }) => {
        await revokeCertificate(api, { thumbprint, reason, code })
        context.out.done({ json: { thumbprint, revoked: true, code }, text: `Certificate ${thumbprint} is revoked. Its holder needs a new registration or renewal.` })
      })
    }))

  certificate.command('crl')
    .description('fetch the platform\'s revocation list and check its signature (인증서 폐지 목록)')
    .option('--out <file>', 'a new file for it (DER), as "verify --crl" and openssl crl take it')
    .action(action(async (context, { out }: { out?: string }) => {
      const api = await context.api()
      const { der, crl } = await fetchRevocationList(api, await context.platform(api))
      if (out !== undefined) await writeNew(out, der)
      const entries = [...crl.revoked].map(([serialHex, { revokedAt, reason }]: [string, { revokedAt: number, reason: RevocationCode }]) =>
        ({ serialHex, revokedAt: formatKst(revokedAt), reason }))
      const head = { number: Number.parseInt(crl.numberHex ?? '0', 16), thisUpdate: formatKst(crl.thisUpdate), nextUpdate: formatKst(crl.nextUpdate) }
      const columns = ['Serial number', 'Revoked', 'Reason'].map((name) => ({ name }))
      context.out.done({
        json: { ...head, revoked: entries, file: out ?? null },
        text: facts([['Number', String(head.number)], ['Issued', head.thisUpdate], ['Next by', head.nextUpdate], ['Revoked', String(entries.length)], ['File', out ?? '-']]) +
          (entries.length === 0 ? '' : table(columns, entries.map(({ serialHex, revokedAt, reason }) => [serialHex, revokedAt, reason])))
      })
    }))
}
