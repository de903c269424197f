/**
 * The technical opening: pure, from committed inputs and the seeds of the technical key, like the opening of prices. Its
 * record names digests alone; the proposals themselves go to those who may read them and nowhere else, and so does nothing
 * that the key is made of. What does not open or parse is void, with its reason, and the rest goes on.
 */
import { BonginError, invariant } from '../domain/errors.ts'
import type { Sha256Hex, SupplierId } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import type { OpenedProposal, TechnicalOpening, TechnicalVoidReason } from '../domain/technical-opening.ts'
import { type Bytes, fromBase64url } from './bytes.ts'
import { canonicalBytes } from './canonical-json.ts'
import { parseEnvelope } from './envelope.ts'
import { createOpener, type Opener } from './hpke.ts'
import type { OpeningLeaf } from './open-leaves.ts'
import type { OpeningOptions } from './opening.ts'
import type { BidBinding } from './plaintext.ts'
import { decodeProposal, proposalSha256, type ProposalContent } from './proposal.ts'
import { technicalInfo } from './technical-envelope.ts'
import { openTenderKey, type HolderSeed } from './tender-key.ts'

export interface TechnicalOpeningInput {
  terms: NoticeTerms
  termsSha256: Sha256Hex
  closing: { rootSha256: Sha256Hex, size: number }
  /** Some at a time, in the order in which they came in; withdrawn and superseded ones are passed over. */
  slices: Iterable<readonly OpeningLeaf[]> | AsyncIterable<readonly OpeningLeaf[]>
  /** Of the technical key. */
  holderSeeds: readonly HolderSeed[]
}

export interface OpenedTechnical {
  opening: TechnicalOpening
  /** By supplier; only those that are not void. */
  contents: ReadonlyMap<SupplierId, ProposalContent>
}

/**
 * Some 50 µs a bid on this thread, which gives way between slices.
 * @throws BonginError `reveal-mismatch` where the seeds are not those of the notice's technical key; the signal's reason once it is aborted.
 */
export async function computeTechnicalOpening (input: TechnicalOpeningInput, options: OpeningOptions = {}): Promise<OpenedTechnical> {
  const { terms, termsSha256, closing } = input
  const { onProgress, signal, turn } = options
  const publicKey = fromBase64url(terms.technicalKey?.publicKey ?? '')
  const { opening: privateKey } = openTenderKey({ terms, kind: 'technical', holderSeeds: input.holderSeeds })
  const opener = createOpener({ privateKey, info: technicalInfo({ tenderId: terms.tenderId, termsSha256, publicKey }) })
  const contents = new Map<SupplierId, ProposalContent>()
  const openLeaf = ({ supplierId, envelopeSha256, envelope }: OpeningLeaf): OpenedProposal => {
    const opened = openPart(envelope, opener, { tenderId: terms.tenderId, termsSha256, supplierId })
    if (typeof opened === 'string') return { supplierId, envelopeSha256, proposalSha256: null, voidReason: opened }
    contents.set(supplierId, opened)
    return { supplierId, envelopeSha256, proposalSha256: proposalSha256(opened), voidReason: null }
  }
  const proposals: OpenedProposal[] = []
  let done = 0
  for await (const slice of input.slices) {
    signal?.throwIfAborted()
    for (const leaf of slice) if (leaf.state === 'sealed') proposals.push(openLeaf(leaf))
    onProgress?.(done += slice.length)
    await turn?.()
  }
  signal?.throwIfAborted()
  const { rootSha256, size } = closing
  const opening: TechnicalOpening = { v: 1, type: 'bongin-technical-opening', tenderId: terms.tenderId, termsSha256, closing: { rootSha256, size }, proposals }
  return { opening, contents }
}

/** What evaluators, marks and result speak of. */
export function technicalOpeningBytes (opening: TechnicalOpening): Bytes {
  return canonicalBytes(opening)
}

function openPart (envelope: string | null, opener: Opener, expected: BidBinding): ProposalContent | TechnicalVoidReason {
  invariant(envelope !== null, 'a sealed bid has its envelope')
  try {
    const { payload, aad } = parseEnvelope(envelope)
    if (payload.technical === undefined) return 'technical-malformed'
    const { enc, ciphertext } = payload.technical
    const plaintext = opener.open(fromBase64url(enc), aad, fromBase64url(ciphertext))
    if (plaintext === null) return 'technical-undecryptable'
    return decodeProposal(plaintext, expected) ?? 'technical-malformed'
  } catch (error) {
    // The intake parses every envelope, so this one came by another way; one bad bid still stops nothing.
    if (error instanceof BonginError) return 'technical-malformed'
    throw error
  }
}
