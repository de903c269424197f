/**
 * The proposal file of a bidder (`proposal.json`): a summary, and documents that are named by path and go into the sealed
 * proposal by their digest alone. The documents themselves are handed to the agency apart, and checked against it.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { ClientError } from '../client/identity.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import type { Proposal, ProposalDocument } from '../domain/technical-opening.ts'
import type { Context } from './context.ts'
import { UsageError } from './exit-codes.ts'

/** `path` is relative to the proposal file; a document whose digest is known already may be stated whole. */
export interface ProposalFile { summary: string, documents?: Array<{ name?: string, path: string } | ProposalDocument> }

/** Reads the file and takes the digests of what it names. @throws UsageError, ClientError `file`. */
export async function readProposalFile (context: Context, file: string): Promise<Proposal> {
  const written = await context.readJson<ProposalFile>(file)
  if (typeof written !== 'object' || written === null || typeof written.summary !== 'string') {
    throw new UsageError(`${file} is no proposal: it needs "summary". An example: bongin bid example-proposal`)
  }
  const { summary, documents = [] } = written
  return { summary, documents: await Promise.all(documents.map(async (document) => 'sha256' in document ? document : await describe(file, document))) }
}

async function describe (file: string, { name, path: named }: { name?: string, path: string }): Promise<ProposalDocument> {
  const path = resolve(dirname(file), named)
  try {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
    return { name: name ?? basename(path), sha256: hash.digest('hex') as Sha256Hex, sizeBytes: (await stat(path)).size }
  } catch (error) {
    throw new ClientError('file', `The document ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, { cause: error })
  }
}

/** What `bid example-proposal` prints. */
export const EXAMPLE_PROPOSAL: ProposalFile = {
  summary: '사업 이해, 수행 방안, 투입 인력의 요약',
  documents: [{ path: '기술제안서.pdf' }, { name: '수행실적.pdf', path: '실적증명.pdf' }]
}
