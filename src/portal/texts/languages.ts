/** The two languages of the portal, Korean first. */
export const LANGUAGES = ['ko', 'en'] as const
export type Language = typeof LANGUAGES[number]
