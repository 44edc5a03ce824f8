// Who is called, from a fleet file that may be faulty elsewhere: an emergency is the wrong time to insist.
import {z} from '../saved/zod.ts'
import {readFleetText} from './readFleetText.ts'
import type {Contact} from './schema.ts'

const contacts = z.object({contacts: z.array(z.object({name: z.string(), role: z.string(), reach: z.string()}))})

/** None when the file cannot be read. */
export function contactsOf(path: string): Contact[] {
  try {
    return contacts.safeParse(readFleetText(path).value).data?.contacts ?? []
  } catch {
    // A report is of an earlier run; whoever needs the file says what is wrong with it.
    return []
  }
}
