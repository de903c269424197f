/** The words of the supplier's pages, in the page's language; pages that say fewer have those of `page.ts`. */
import { supplierEn } from '../texts/en/supplier.ts'
import { supplierKo } from '../texts/ko/supplier.ts'
import { korean, words as common } from './page.ts'

export const words = { ...common, ...(korean ? supplierKo : supplierEn) }
