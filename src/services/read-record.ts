/**
 * The public record of an opening: everything that `bongin verify` needs to run it again with no trust in this server. As one JSON
 * document or as one archive, written a part at a time (`record-contents.ts`), whatever its size.
 */
import { utf8 } from '../crypto/bytes.ts'
import { frameEnds } from '../crypto/opening-record.ts'
import { canonicalJson } from '../crypto/canonical-json.ts'
import { pemLength } from '../crypto/pem.ts'
import { archiveLength, streamArchive } from '../crypto/record-archive.ts'
import { certificateFile, filesOfRecord, numbered } from '../crypto/record-files.ts'
import { inOrder, type RecordFiles } from '../crypto/record-paths.ts'
import type { TenderId } from '../domain/ids.ts'
import { listCertificateSizes } from '../storage/certificates.ts'
import type { Db } from '../storage/prepare.ts'
import type { Context } from './context.ts'
import { openingTexts } from './opening-records.ts'
import { eachCertificate, eachEnvelope, leafOf, readRecordContents, type RecordContents } from './record-contents.ts'
import { turn } from './turn.ts'

/** Leaves written between two turns of the event loop. */
const LEAVES_A_PART = 1_000

/** The record's JSON (`TenderRecord`), in parts. @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readRecordText (context: Context, tenderId: TenderId): Promise<AsyncIterable<string>> {
  return recordTexts(context.db.read, await readRecordContents(context, tenderId))
}

async function * recordTexts (db: Db, contents: RecordContents): AsyncGenerator<string> {
  const { head, opening, signers, bids } = contents
  const written: Readonly<Record<string, () => AsyncIterable<string>>> = {
    certificates: () => list(eachCertificate(db, signers)),
    leaves: () => list(eachLeaf(contents)),
    envelopes: () => list(eachEnvelope(db, bids)),
    opening: () => openingTexts(db, opening)
  }
  for (const [i, [name, value]] of Object.entries(head).entries()) {
    yield `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`
    const texts = written[name]
    if (texts === undefined) yield JSON.stringify(value)
    else yield * texts()
  }
  yield '}'
}

/** A JSON list of items that come some at a time. */
async function * list (parts: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  let isFirst = true
  yield '['
  for await (const items of parts) {
    yield `${isFirst ? '' : ','}${items.map((item) => JSON.stringify(item)).join()}`
    isFirst = false
  }
  yield ']'
}

async function * eachLeaf ({ bids }: RecordContents): AsyncGenerator<unknown[]> {
  for (let from = 0; from < bids.length; from += LEAVES_A_PART) {
    yield bids.slice(from, from + LEAVES_A_PART).map(leafOf)
    await turn()
  }
}

/** An archive as it is sent: its length is known before its first byte. */
export interface ArchiveBytes { sizeBytes: number, chunks: AsyncIterable<Buffer> }

/** The same as one file. @throws BonginError as `readRecordText`, and `archive-too-large`. */
export async function readRecordArchive (context: Context, tenderId: TenderId): Promise<ArchiveBytes> {
  const db = context.db.read
  const contents = await readRecordContents(context, tenderId)
  const { head, opening, signers, bids } = contents
  const small = filesOfRecord(head)
  small.set('tender.json', await tenderFile(contents))
  small.delete('opening.json')
  const certificateSizes = (await listCertificateSizes(db, signers)).map(pemLength)
  const envelopeSizes = bids.flatMap(({ isPublished, envelopeBytes }) => isPublished ? [envelopeBytes] : [])
  const sizes = [...[...small.values()].map(({ length }) => length), opening.sizeBytes, ...certificateSizes, ...envelopeSizes]
  return { sizeBytes: archiveLength(sizes), chunks: streamArchive(archiveFiles(db, small, contents)) }
}

/** Where the files of these folders, and this file, stand among the small ones. */
const [CERTIFICATES, ENVELOPES, OPENING] = ['certificates/', 'envelopes/', 'opening.json'] as const

async function * archiveFiles (db: Db, small: RecordFiles, { opening, signers, bids }: RecordContents): AsyncGenerator<[string, Uint8Array]> {
  for (const place of [CERTIFICATES, ENVELOPES, OPENING]) small.set(place, new Uint8Array(0))
  for (const [path, contents] of inOrder(small)) {
    if (path === CERTIFICATES) {
      for await (const pems of eachCertificate(db, signers)) for (const pem of pems) yield certificateFile(pem)
    } else if (path === ENVELOPES) {
      let index = 0
      for await (const some of eachEnvelope(db, bids)) {
        for (const envelope of some) {
          if (envelope !== null) yield [numbered('envelopes', index), utf8(envelope)]
          index++
        }
      }
    } else if (path === OPENING) yield [path, await joined(openingTexts(db, opening))]
    else yield [path, contents]
  }
}

/** `tender.json`, whose list of leaves is written in turns. */
async function tenderFile (contents: RecordContents): Promise<Uint8Array> {
  const { v, type, sealedPrices, earlierCheckpoints, cosigners } = contents.head
  const [before, behind] = frameEnds(canonicalJson({ v, type, sealedPrices, earlierCheckpoints, cosigners, leaves: [] }), 'leaves')
  const texts: string[] = []
  for await (const leaves of eachLeaf(contents)) texts.push(leaves.map((leaf) => canonicalJson(leaf as object)).join())
  return Buffer.from(`${before}${texts.join()}${behind}`)
}

async function joined (texts: AsyncIterable<string>): Promise<Uint8Array> {
  const parts: Buffer[] = []
  for await (const text of texts) parts.push(Buffer.from(text))
  return Buffer.concat(parts)
}
