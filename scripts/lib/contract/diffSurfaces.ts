// Tells how what a server offers changed, and for each change whether clients of the old contract break by it.
import type {Difference, Surface} from './surface.ts'

/** Differences in the order of the surface. Pure; the same input gives the same list. */
export function diffSurfaces(_before: Surface, _after: Surface): Difference[] {
  return []
}
