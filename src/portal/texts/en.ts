/** The portal's words in English, with the same keys as `ko.ts`. */
import type { Texts } from './ko.ts'
import { biddingEn } from './en/bidding.ts'
import { commonEn } from './en/common.ts'
import { deskEn } from './en/desk.ts'
import { enrolmentEn } from './en/enrolment.ts'
import { marksEn } from './en/marks.ts'
import { notificationsEn } from './en/notifications.ts'
import { officerEn } from './en/officer.ts'
import { passkeysEn } from './en/passkeys.ts'
import { publicEn } from './en/public.ts'
import { questionsEn } from './en/questions.ts'
import { siteEn } from './en/site.ts'
import { supplierEn } from './en/supplier.ts'
import { technicalEn } from './en/technical.ts'

export const en: Texts = {
  ...siteEn,
  ...publicEn,
  ...commonEn,
  ...supplierEn,
  ...biddingEn,
  ...enrolmentEn,
  ...deskEn,
  ...officerEn,
  ...notificationsEn,
  ...passkeysEn,
  ...questionsEn,
  ...technicalEn,
  ...marksEn
}
