// Where each server stands in the fleet file, for annotations.
import {readFleetText} from './readFleetText.ts'

/** The line of each server; none when the file cannot be read. */
export function serverLines(path: string): Record<string, number> {
  try {
    const {value, place} = readFleetText(path)
    const names = Object.keys((value as {servers?: object}).servers ?? {})
    return Object.fromEntries(names.map(name => [name, Number(place(['servers', name]).split(':')[1])]))
  } catch {
    // A report is of an earlier run; whoever needs the file says what is wrong with it.
    return {}
  }
}
