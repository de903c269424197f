/** How a refusal of an archive names the entry at fault. */
import { BonginError } from '../domain/errors.ts'
import { printable } from './record-paths.ts'

/** One entry: its number from 0, its path once it is known, and where its header begins. */
export interface Place { index: number, path: string | null, offset: number }

/** `place` null: the archive as a whole. `offset`: the byte at fault, where it is not that of the header. */
export function archiveFault (place: Place | null, what: string, offset = place?.offset ?? 0): BonginError {
  if (place === null) {
    return new BonginError('archive-malformed', {
      field: '',
      detail: `${what}.`,
      detailKo: '개찰 기록 보관 파일의 형식이 올바르지 않습니다.',
      extra: { entry: null, offset }
    })
  }
  const path = place.path === null ? null : printable(place.path)
  const name = path === null ? `Entry ${place.index}` : `Entry ${place.index} (${path})`
  return new BonginError('archive-malformed', {
    field: `/entries/${place.index}`,
    detail: `${name} ${what}.`,
    detailKo: `보관 파일의 ${place.index}번 항목${path === null ? '' : `(${path})`}에 문제가 있습니다.`,
    extra: { entry: path, offset }
  })
}
