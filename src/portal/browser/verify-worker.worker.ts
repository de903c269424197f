/**
 * Verifies one record, off the page's own thread: downloads the claim, runs the verifier of the command line over it, and then
 * fetches the published opening to hold it against what was computed.
 */
import { Api } from '../../client/api.ts'
import { downloadClaim, recordDecimals } from '../../client/records.ts'
import { sha256Hex } from '../../crypto/bytes.ts'
import type { TenderRecord } from '../../crypto/record.ts'
import { verifyRecord } from '../../crypto/verify-record.ts'
import type { OpeningRecord } from '../../domain/opening.ts'
import type { Compared, VerifyJob, VerifyNews } from './verify-talk.ts'

const tell = (news: VerifyNews): void => { (globalThis as unknown as { postMessage: (news: VerifyNews) => void }).postMessage(news) }

async function verify ({ baseUrl, tenderId, trustedRootSha256 }: VerifyJob): Promise<void> {
  const api = new Api({ baseUrl })
  const claim = await downloadClaim(api, tenderId)
  tell({ kind: 'downloaded' })
  const report = await verifyRecord(claim, {
    ...(trustedRootSha256 === null ? {} : { trustedRootSha256 }),
    onStep: (step) => { tell({ kind: 'step', step }) },
    onOpened: (done, total) => { tell({ kind: 'opened', done, total }) }
  })
  // Verified: only now is the claim a record.
  const compared = report.ok ? await compare(api, tenderId, claim as TenderRecord) : null
  tell({ kind: 'done', report: { ...report, archive: null }, compared })
}

/** The record's opening is the computed one, byte for byte: the step `opening` saw to it. */
async function compare (api: Api, tenderId: string, record: TenderRecord): Promise<Compared> {
  const bytes = await api.getBytes(`/v1/tenders/${encodeURIComponent(tenderId)}/opening`)
  const published = JSON.parse(new TextDecoder().decode(bytes)) as OpeningRecord
  return { computed: record.opening, published, publishedSha256: sha256Hex(bytes), decimals: recordDecimals(record) }
}

addEventListener('message', ({ data }: MessageEvent<VerifyJob>) => {
  verify(data).catch((error: unknown) => { tell({ kind: 'fault', detail: error instanceof Error ? error.message : String(error) }) })
})
