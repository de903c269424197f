/** Long work gives way: requests that came meanwhile are read and answered before it goes on. */
export async function turn (): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
