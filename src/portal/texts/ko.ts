/**
 * The portal's words in Korean, made of parts so that a script loads those that it says; `en.ts` has the same keys, and no key is in two parts.
 * Words of the procurement rules are those of the law and of KONEPS.
 */
import { biddingKo } from './ko/bidding.ts'
import { commonKo } from './ko/common.ts'
import { deskKo } from './ko/desk.ts'
import { enrolmentKo } from './ko/enrolment.ts'
import { marksKo } from './ko/marks.ts'
import { notificationsKo } from './ko/notifications.ts'
import { officerKo } from './ko/officer.ts'
import { passkeysKo } from './ko/passkeys.ts'
import { publicKo } from './ko/public.ts'
import { questionsKo } from './ko/questions.ts'
import { siteKo } from './ko/site.ts'
import { supplierKo } from './ko/supplier.ts'
import { technicalKo } from './ko/technical.ts'

export const ko = {
  ...siteKo,
  ...publicKo,
  ...commonKo,
  ...supplierKo,
  ...biddingKo,
  ...enrolmentKo,
  ...deskKo,
  ...officerKo,
  ...notificationsKo,
  ...passkeysKo,
  ...questionsKo,
  ...technicalKo,
  ...marksKo
} as const

export type TextKey = keyof typeof ko
export type Texts = Readonly<Record<TextKey, string>>
