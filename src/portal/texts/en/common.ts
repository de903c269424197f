/** The same in English. */
import type { commonKo } from '../ko/common.ts'

export const commonEn: Readonly<Record<keyof typeof commonKo, string>> = {
  sessionUntil: 'Logged in until',
  sessionLeft: 'time left',
  sessionNone: 'You are not logged in.',
  sessionEnded: 'Your session has ended. Log in again.',
  login: 'Log in',
  logout: 'Log out',
  insecure: 'This page works at an https address only: on an insecure line a browser gives no keys to sign with.',
  missing: 'Please fill this in.',
  tooLong: 'This is too long.',
  malformed: 'This does not have the right form.',
  emailMalformed: 'This is not an e-mail address.',
  passphraseShort: 'Take at least 10 characters.',
  mustAgree: 'Please tick this box.',
  unreachable: 'No answer came from the server. Whether it acted is unknown: try again.',
  unexpected: 'Something unexpected went wrong.',
  notTrusted: 'What the server sent could not be verified, so nothing was done.',
  storageRefused: 'This browser refuses to store anything. Use a normal window, not a private one.',
  companyName: 'Company name',
  businessNumber: 'Business registration number',
  representative: 'Representative',
  address: 'Address',
  linesOfBusiness: 'Lines of business',
  contactName: 'Name of the contact',
  applicationNumber: 'Application number'
}
