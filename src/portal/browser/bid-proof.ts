/** What a bidder keeps and checks of an accepted bid: receipt and sealed bid as files, and the proof that it is in the closing record. */
import { bid, bidding, tender } from './bid-state.ts'
import { element, explain } from './page.ts'
import { saveFile } from './work.ts'
import { words } from './supplier-words.ts'

const TYPE = 'application/jose'

export async function proveInclusion (): Promise<void> {
  const { session, receipt } = bid
  if (session === null || receipt === null) return
  const place = element('inclusion')
  try {
    const { leafIndex, size, rootSha256 } = await (await bidding()).checkInclusion(session.api, session.platform, receipt.text)
    place.textContent = `${words.inclusionGood} ${words.inclusionLeaf}: ${leafIndex + 1}/${size}, SHA-256 ${rootSha256}`
    place.dataset['state'] = 'good'
  } catch (error) {
    const { code, text } = explain(error)
    if (code === 'not-yet-open') place.textContent = words.inclusionLater
    else if (code === 'not-trusted' || code === 'receipt-invalid') {
      place.textContent = `${words.inclusionBad} ${text}`
      place.dataset['state'] = 'bad'
    } else throw error
  }
}

/** As `bongin bid receipt FILE` reads it. */
export async function saveReceipt (): Promise<void> {
  if (bid.receipt !== null) saveFile(`${tender.id}.bid.jws.receipt`, `${bid.receipt.text}\n`, TYPE)
}

/** As `bongin bid submit FILE` sends it. */
export async function saveEnvelope (): Promise<void> {
  if (bid.receipt !== null) saveFile(`${tender.id}.bid.jws`, bid.receipt.envelope ?? '', TYPE)
}
