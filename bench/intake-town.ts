/**
 * Bids for the intake bench, sealed and signed beforehand, each for a supplier and a tender of its own server: made on all
 * cores, because making one costs more than taking it in.
 */
import type { Piscina } from 'piscina'
import { Town, type Officers, type Person } from '../scripts/demo/people.ts'
import type { DemoServer } from '../scripts/demo/server.ts'
import type { SealTask } from './day/seal.ts'
import type { Letter } from './day/send.ts'
import { BASE_AMOUNT_WON, publishTender } from './day/tenders.ts'
import { sealersOf } from './sealers.ts'

const OPEN_FOR_MS = 3_600_000

export interface IntakeTown {
  /** One bid of every supplier for each of so many new tenders. */
  letters: (tenders: number) => Promise<Letter[]>
  close: () => Promise<void>
}

export async function buildIntakeTown (server: DemoServer, suppliers: number): Promise<IntakeTown> {
  const town = await Town.visit(server.baseUrl)
  const officers = await town.enrolOfficers(server.firstOfficerCode)
  const people = await town.registerSuppliers(officers.platform, suppliers, () => {})
  const sealers = sealersOf(people)
  return {
    letters: async (tenders) => (await Promise.all(Array.from({ length: tenders }, async (_, number) =>
      await sealForAll({ town, officers, people, sealers }, number)))).flat(),
    close: async () => {
      await sealers.destroy()
      await town.close()
    }
  }
}

interface Sealers { town: Town, officers: Officers, people: readonly Person[], sealers: Piscina<SealTask, string[]> }

async function sealForAll ({ town, officers, people, sealers }: Sealers, number: number): Promise<Letter[]> {
  const closesAt = Math.ceil((Date.now() + OPEN_FOR_MS) / 1000) * 1000
  const tender = await publishTender(town, officers, { number, closesAt })
  const bids = people.map((_, supplier) => ({ supplier, content: { amountWon: BASE_AMOUNT_WON, picks: [1 + supplier % 14, 15] as const } }))
  const envelopes = await sealers.run({ ...tender, bids })
  return people.map(({ token }, i) => ({ path: `/v1/tenders/${tender.tenderId}/bids`, token, envelope: envelopes[i] ?? '' }))
}
