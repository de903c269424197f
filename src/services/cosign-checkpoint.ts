/**
 * Cosignatures of closing records (공동서명): outsiders whose keys the installation names saw a checkpoint and signed it
 * (c2sp.org/tlog-cosignature). Their lines go out with the note from then on; nothing waits for them.
 */
import { cosignedAt } from '../crypto/cosignature.ts'
import { sha256Hex, toHex, utf8 } from '../crypto/bytes.ts'
import { packedConsistency, packedSize } from '../crypto/merkle-packed.ts'
import { COSIGNATURE_TYPE, parseNote, parseSignatureLine, signaturesBy, verifierKey, type NoteKey } from '../crypto/signed-note.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import type { Sha256Hex, TenderId } from '../domain/ids.ts'
import { insertCosignature, listCosignatures } from '../storage/cosignatures.ts'
import type { Db } from '../storage/prepare.ts'
import type { Context } from './context.ts'
import { notYetOpen, requirePublished } from './tender-access.ts'

/** A cosigner's clock may be ahead of the server's by this much. */
const MAX_AHEAD_MS = 5 * 60_000

/**
 * Adds one line to the note of this tender's closing record; of each cosigner the first one is kept.
 * @throws BonginError `tender-not-found`, `not-yet-open`, `cosignature-invalid`.
 */
export async function addCosignature (context: Context, { tenderId, line }: { tenderId: TenderId, line: string }): Promise<string> {
  return await context.db.write(async (tx) => {
    const { checkpoint } = await requirePublished(tx, tenderId)
    if (checkpoint === null) throw notYetOpen()
    const { body } = parseNote(checkpoint)
    const cosigner = cosignerOf(line, context.policy.cosigners)
    const at = cosigner === undefined ? null : signedAt(`${body}\n${line}\n`, cosigner)
    if (cosigner === undefined || at === null || at > context.clock.now() + MAX_AHEAD_MS) throw cosignatureInvalid()
    const noteSha256 = sha256Hex(utf8(checkpoint))
    await insertCosignature(tx, { noteSha256, cosigner: verifierKey({ ...cosigner, type: COSIGNATURE_TYPE }), tenderId, line, cosignedAt: at })
    return await cosignedNote(tx, checkpoint)
  })
}

function cosignerOf (line: string, cosigners: readonly NoteKey[]): NoteKey | undefined {
  try {
    const note = { body: '', signatures: [parseSignatureLine(line)] }
    return cosigners.find((cosigner) => signaturesBy(note, { ...cosigner, type: COSIGNATURE_TYPE }).length > 0)
  } catch {
    return undefined
  }
}

function signedAt (text: string, cosigner: NoteKey): number | null {
  try {
    return cosignedAt({ text, ...cosigner })
  } catch {
    return null
  }
}

/** The platform's note with the lines that cosigners have added, by their keys. */
export async function cosignedNote (db: Db, checkpoint: string): Promise<string> {
  const lines = await listCosignatures(db, sha256Hex(utf8(checkpoint)))
  return checkpoint + lines.map(({ line }) => `${line}\n`).join('')
}

/** Whose lines stand under any of these notes: verifier keys, sorted, each once. */
export async function cosignersOf (db: Db, checkpoints: readonly string[]): Promise<string[]> {
  const keys = new Set<string>()
  for (const checkpoint of checkpoints) for (const { cosigner } of await listCosignatures(db, sha256Hex(utf8(checkpoint)))) keys.add(cosigner)
  return [...keys].sort()
}

/**
 * That the closing record extends one of `size` leaves, for a cosigner who saw that one.
 * @throws BonginError `tender-not-found`, `not-yet-open`, `invalid-request` for a size beyond the tree's.
 */
export async function readConsistency (context: Context, { tenderId, size }: { tenderId: TenderId, size: number }): Promise<Sha256Hex[]> {
  const tender = await requirePublished(context.db.read, tenderId)
  if (tender.checkpoint === null) throw notYetOpen()
  invariant(tender.closingRoot !== null, 'a checkpoint has its root')
  const { tree } = await context.closingTrees.of(context.db.read, { tenderId, rootSha256: tender.closingRoot })
  const leaves = packedSize(tree)
  if (size > leaves) {
    throw new BonginError('invalid-request', {
      field: '/from',
      detail: `The closing record has ${leaves} leaves.`,
      detailKo: `마감 기록의 항목은 ${leaves}개입니다.`
    })
  }
  return size === 0 ? [] : packedConsistency(tree, size).map((hash) => toHex(hash) as Sha256Hex)
}

function cosignatureInvalid (): BonginError {
  return new BonginError('cosignature-invalid', {
    field: '/line',
    detail: 'No cosigner whom this installation names made this line for the present closing record, at a time that has come.',
    detailKo: '등록된 공동서명자가 현재 마감 기록에 대하여 작성한 서명이 아니거나 서명 시각이 미래입니다.'
  })
}
