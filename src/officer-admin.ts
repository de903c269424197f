/**
 * The operator's way back in: `admin officer code` makes a new one-time code for a first platform officer, where nobody is left who could approve
 * one. It needs the database and the data folder, no key, and may run beside the server. It stands on the audit trail.
 */
import type { Config } from './config.ts'
import { changeDatabase } from './beside-server.ts'
import { firstOfficerCodePath } from './installation.ts'
import { replaceSecret } from './kek/files.ts'
import { drawFirstOfficerCode } from './services/apply-registration.ts'
import { appendAudit } from './storage/audit.ts'
import { countCertifiedOfficers } from './storage/officers.ts'

export interface NewCode { /** Where the code lies; it is shown nowhere. */ path: string, certifiedOfficers: number }

/** @throws Error while a platform officer has a valid certificate, unless `evenIfCertified`. */
export async function makeOfficerCode (config: Config, { reason, evenIfCertified, now }: {
  reason: string, evenIfCertified: boolean, now: number
}): Promise<NewCode> {
  const path = firstOfficerCodePath(config.dataDir)
  return await changeDatabase(config, async (tx) => {
    const certifiedOfficers = await countCertifiedOfficers(tx, { role: 'platform', now })
    if (certifiedOfficers > 0 && !evenIfCertified) {
      throw new Error(`platform officers that still have a valid certificate: ${certifiedOfficers}. They approve another; where the key or the passkey is lost: --even-if-certified`)
    }
    const code = await drawFirstOfficerCode(tx)
    await appendAudit(tx, {
      at: now, actor: 'operator', action: 'first-officer-code.made', code: 'ok', field: null, tenderId: null, detail: { reason, certifiedOfficers }
    })
    replaceSecret(path, `${code}\n`)
    return { path, certifiedOfficers }
  })
}
