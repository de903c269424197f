/**
 * Passphrases of key files, in one form: never empty, and brought to NFC, because macOS types Korean in another one. A file
 * that does not open says no more than that. Runs in a browser.
 */
import { BonginError } from '../domain/errors.ts'

/** @throws BonginError `invalid-request` for an empty passphrase. */
export function normalPassphrase (passphrase: string): string {
  if (passphrase !== '') return passphrase.normalize('NFC')
  throw new BonginError('invalid-request', {
    field: '/passphrase', detail: 'A passphrase must not be empty.', detailKo: '비밀번호를 비워 둘 수 없습니다.'
  })
}

export function cannotBeOpened (): BonginError {
  return new BonginError('certificate-malformed', {
    detail: 'The file cannot be opened: wrong passphrase or damaged file.',
    detailKo: '파일을 열 수 없습니다. 비밀번호가 틀렸거나 파일이 손상되었습니다.'
  })
}
