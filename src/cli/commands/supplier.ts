/** `supplier register|status|renew|suspend|lift|show`, and `officer renew` through the same renewal. */
import { Option, type Command } from 'commander'
import { externalEvidence } from '../../client/external.ts'
import { fetchPlatform } from '../../client/platform.ts'
import { applySupplier, liftSuspension, me, renewCertificate, suspendSupplier } from '../../client/registration.ts'
import { makeCsr, saveCertificate } from '../../client/key-folder.ts'
import { segment } from '../../client/api.ts'
import type { SupplierView } from '../../client/types.ts'
import { fromPem, readCertificate, verifyCertificate } from '../../crypto/certificate.ts'
import { readPkcs12 } from '../../crypto/pkcs12.ts'
import { assertBusinessNumber } from '../../domain/business-number.ts'
import type { ExternalEvidence, SupplierProfile } from '../../domain/holder.ts'
import { formatKst, parseInstant } from '../../domain/time.ts'
import type { Action, Context } from '../context.ts'
import { facts } from '../output.ts'
import { applyWithNewKeys } from '../registering.ts'
import { collect, rsaBits } from '../values.ts'
import { addStatus } from './officer.ts'

interface RegisterOptions {
  company: string
  businessNumber: string
  representative: string
  address: string
  contactName?: string
  phone: string
  email: string
  line: string[]
  region: string
  rsaBits: 2048 | 3072
  externalP12?: string
  externalPassphraseFile?: string
}

function addRegister (supplier: Command, action: Action): void {
  supplier.command('register')
    .description('make keys and apply for a certificate (조달업체 등록 신청)')
    .requiredOption('--company <name>', 'company name (상호)')
    .requiredOption('--business-number <digits>', 'business registration number, 10 digits (사업자등록번호)')
    .requiredOption('--representative <name>', 'representative (대표자)')
    .requiredOption('--address <text>')
    .option('--contact-name <name>', 'contact person; the representative unless told otherwise')
    .requiredOption('--phone <number>')
    .requiredOption('--email <address>')
    .requiredOption('--line <code>', 'line of business (업종); may be repeated', collect)
    .requiredOption('--region <name>', 'region (소재지)')
    .addOption(new Option('--rsa-bits <bits>', 'size of the signing key').argParser(rsaBits).default(3072))
    .option('--external-p12 <file>', 'PKCS#12 file of another authority\'s certificate (공동인증서) that vouches for the applicant')
    .option('--external-passphrase-file <file>', 'its passphrase (or BONGIN_EXTERNAL_PASSPHRASE, or asked for)')
    .action(action(async (context, options: RegisterOptions) => {
      const businessNumber = options.businessNumber.replaceAll('-', '')
      assertBusinessNumber(businessNumber, '--business-number')
      const { company: companyName, representative, address, phone, email, region, line: linesOfBusiness } = options
      const contact = { name: options.contactName ?? representative, phone, email }
      const profile: SupplierProfile = { companyName, businessNumber, representative, address, contact, linesOfBusiness, region }
      const openExternal = await readExternal(context, options)
      const applied = await applyWithNewKeys(context, {
        kind: 'supplier',
        name: companyName,
        subject: { commonName: representative, organization: companyName, serialNumber: businessNumber },
        bits: options.rsaBits,
        apply: async (api, csr, platform) => await applySupplier(api, { csr, profile, external: await openExternal?.(csr, platform) })
      })
      context.out.done({
        json: applied,
        text: facts([['Registration', applied.registrationId], ['Status', applied.status], ['Key folder', applied.keys], ['Root certificate, SHA-256', applied.rootFingerprint]]),
        next: `a platform officer approves it; then: bongin supplier status${context.keysOption}`
      })
    }))
}

type Evidence = (csr: string, platform: string) => Promise<ExternalEvidence>

/** Read, and tried, before any key is made: a wrong passphrase leaves nothing behind. */
async function readExternal (context: Context, { externalP12, externalPassphraseFile }: RegisterOptions): Promise<Evidence | undefined> {
  if (externalP12 === undefined) return undefined
  const p12 = await context.readBytes(externalP12)
  const passphrase = await context.externalPassphrase(externalPassphraseFile)
  readPkcs12(p12, passphrase)
  return async (csr, platform) => await externalEvidence({ p12, passphrase, csr, platform })
}

/** A new certificate over the same key. */
export function addRenew (group: Command, action: Action): void {
  group.command('renew')
    .description('renew the certificate of the key in the folder (인증서 갱신)')
    .action(action(async (context) => {
      await context.withSession(async ({ api, platform }) => {
        const passphrase = await context.passphrase()
        const { certificate, chain } = await renewCertificate(api, await makeCsr(context.keys, passphrase))
        const { rootDer, issuingDer } = platform
        verifyCertificate({ certificate: fromPem(certificate), issuingDer, rootDer, at: parseInstant(platform.serverTime) })
        await saveCertificate(context.keys, { certificate, chain, passphrase })
        const { thumbprint, holderId, notAfter } = readCertificate(fromPem(certificate))
        context.out.done({
          json: { holderId, thumbprint, notAfter: formatKst(notAfter) },
          text: facts([['Holder', holderId], ['Certificate', thumbprint], ['Valid until', formatKst(notAfter)]])
        })
      })
    }))
}

export function addWhoami (program: Command, action: Action): void {
  program.command('whoami')
    .description('log in and say who the key folder speaks for (내 정보)')
    .action(action(async (context) => {
      await context.withSession(async ({ api }) => {
        const view = await me(api)
        const { holderId, kind, roles, certificateExpiresAt } = view
        context.out.done({
          json: view,
          text: facts([['Holder', holderId], ['Kind', kind], ['Roles', roles.join(', ')], ['Certificate valid until', certificateExpiresAt]])
        })
      })
    }))
}

export function addSupplier (program: Command, action: Action): void {
  const supplier = program.command('supplier').description('suppliers (조달업체)')
  addRegister(supplier, action)
  addStatus(supplier, action, 'bongin tender list')
  addRenew(supplier, action)

  supplier.command('show <supplierId>')
    .description('the public part of a supplier (조달업체 조회)')
    .action(action(async (context, supplierId: string) => {
      const api = await context.api()
      await fetchPlatform(api, await context.trustedRoot())
      const view = await api.get<SupplierView>(`/v1/suppliers/${segment(supplierId)}`)
      const { companyName, representative, linesOfBusiness, region, suspendedUntil } = view
      context.out.done({
        json: view,
        text: facts([
          ['Supplier', supplierId], ['Company', companyName], ['Representative', representative], ['Lines of business', linesOfBusiness.join(', ')],
          ['Region', region], ['Suspended until', suspendedUntil ?? '-']
        ])
      })
    }))

  supplier.command('suspend <supplierId>')
    .description('shut a supplier out for a period; platform officers (부정당업자 제재)')
    .requiredOption('--from <time>', 'RFC 3339, e.g. 2026-11-24T00:00:00+09:00')
    .requiredOption('--until <time>')
    .requiredOption('--reason <text>')
    .action(action(async (context, supplierId: string, { from, until, reason }: { from: string, until: string, reason: string }) => {
      parseInstant(from, '--from')
      parseInstant(until, '--until')
      await context.withSession(async ({ api }) => {
        const { suspensionId } = await suspendSupplier(api, { supplierId, from, until, reason })
        context.out.done({
          json: { supplierId, suspensionId, from, until },
          text: `Suspension ${suspensionId}: ${supplierId} cannot bid from ${from} until ${until}.`,
          next: `to end it early: bongin supplier lift ${supplierId} ${suspensionId} --reason …${context.keysOption}`
        })
      })
    }))

  supplier.command('lift <supplierId> <suspensionId>')
    .description('end a suspension early; platform officers (제재 해제)')
    .requiredOption('--reason <text>')
    .action(action(async (context, supplierId: string, suspensionId: string, { reason }: { reason: string }) => {
      await context.withSession(async ({ api }) => {
        await liftSuspension(api, { supplierId, suspensionId, reason })
        context.out.done({ json: { supplierId, suspensionId, lifted: true }, text: `Suspension ${suspensionId} of ${supplierId} is lifted.` })
      })
    }))
}
