/** `init`, `officer enrol`, `officer status`: officers of the platform and of agencies. */
import { Option, type Command } from 'commander'
import { applyOfficer } from '../../client/registration.ts'
import { OFFICER_ROLES, type OfficerProfile, type OfficerRole } from '../../domain/holder.ts'
import type { AgencyId } from '../../domain/ids.ts'
import type { Action, Context } from '../context.ts'
import { EXIT, UsageError } from '../exit-codes.ts'
import { facts } from '../output.ts'
import { applyWithNewKeys, collectCertificate, type Applied } from '../registering.ts'
import { collect, rsaBits } from '../values.ts'
import { ClientError } from '../../client/identity.ts'

const DEFAULT_CODE_FILE = 'data/first-officer.code'

interface OfficerOptions { name: string, agencyId: string, agencyName: string, phone: string, email: string, rsaBits: 2048 | 3072 }

function withOfficerOptions (command: Command): Command {
  return command
    .requiredOption('--name <name>', 'the officer\'s name')
    .requiredOption('--agency-id <code>', 'agency code, 7 characters')
    .requiredOption('--agency-name <name>', 'agency name')
    .requiredOption('--phone <number>')
    .requiredOption('--email <address>')
    .addOption(new Option('--rsa-bits <bits>', 'size of the signing key').argParser(rsaBits).default(3072))
}

const profileOf = ({ name, agencyId, agencyName, phone, email }: OfficerOptions, roles: OfficerRole[]): OfficerProfile =>
  ({ name, agency: { agencyId: agencyId as AgencyId, name: agencyName }, roles, contact: { name, phone, email } })

async function enrol (context: Context, options: OfficerOptions, { roles, enrolmentCode }: {
  roles: OfficerRole[], enrolmentCode?: string
}): Promise<Applied> {
  const profile = profileOf(options, roles)
  return await applyWithNewKeys(context, {
    kind: 'officer',
    name: options.name,
    subject: { commonName: options.name, organization: options.agencyName },
    bits: options.rsaBits,
    apply: async (api, csr) => await applyOfficer(api, { csr, profile, enrolmentCode })
  })
}

export function addInit (program: Command, action: Action): void {
  withOfficerOptions(program.command('init'))
    .description('enrol the first platform officer with the server\'s one-time code (최초 플랫폼 담당관 등록)')
    .option('--code <code>', 'the code itself')
    .option('--code-file <file>', 'the file that the server wrote it to', DEFAULT_CODE_FILE)
    .action(action(async (context, options: OfficerOptions & { code?: string, codeFile: string }) => {
      const enrolmentCode = options.code ?? (await context.readText(options.codeFile)).trim()
      const applied = await enrol(context, options, { roles: ['platform'], enrolmentCode })
      const { view } = await collectCertificate(context)
      context.out.done({
        json: { ...applied, status: view.status, holderId: view.holderId },
        text: facts([['Officer', view.holderId ?? ''], ['Key folder', applied.keys], ['Root certificate, SHA-256', applied.rootFingerprint]]),
        next: `bongin registrations list${context.keysOption}   (approve agencies' officers and suppliers)`
      })
    }))
}

export function addOfficer (program: Command, action: Action): void {
  const officer = program.command('officer').description('officers of agencies and of the platform (담당관)')
  withOfficerOptions(officer.command('enrol'))
    .description('make keys and apply for a certificate (담당관 등록 신청)')
    .requiredOption('--role <role>', `one of ${OFFICER_ROLES.join(', ')}; may be repeated`, collect)
    .action(action(async (context, options: OfficerOptions & { role: string[] }) => {
      const roles = options.role.map((role) => {
        const known = OFFICER_ROLES.find((name) => name === role)
        if (known === undefined) throw new UsageError(`There is no role "${role}"; there are ${OFFICER_ROLES.join(', ')}.`)
        return known
      })
      const applied = await enrol(context, options, { roles })
      context.out.done({
        json: applied,
        text: facts([['Registration', applied.registrationId], ['Status', applied.status], ['Key folder', applied.keys], ['Root certificate, SHA-256', applied.rootFingerprint]]),
        next: `a platform officer approves it; then: bongin officer status${context.keysOption}`
      })
    }))
  addStatus(officer, action, 'bongin tender draft --file notice.json')
}

/** The same for suppliers and officers. */
export function addStatus (group: Command, action: Action, next: string): void {
  group.command('status')
    .description('how the registration stands; stores the certificate once there is one (신청 결과 확인)')
    .action(action(async (context) => {
      const { view, saved } = await collectCertificate(context)
      const { registrationId, kind, status, reason, holderId } = view
      if (status === 'rejected') throw new ClientError('mismatch', `The registration was rejected: ${reason ?? ''}`)
      context.out.done({
        json: { registrationId, kind, status, reason, holderId, certificateSaved: saved },
        text: facts([['Registration', registrationId], ['Status', status], ['Holder', holderId ?? '-'], ['Certificate', saved ? `stored in ${context.keys}` : 'not yet']]),
        next: saved ? `${next}${context.keysOption}` : 'wait for a platform officer, then ask again'
      })
    }))
    .addHelpText('after', `\nExit code ${EXIT.refused} when the registration was rejected.`)
}
