// The page: fetches the stock and fills the table.
import { byUrgency, describe, urgency } from './format.js'

/** Fill the table with one row per item. */
export function render(table, items, today) {
  table.replaceChildren()
  for (const item of byUrgency(items)) {
    const cell = table.insertRow().insertCell()
    cell.textContent = describe(item, today)
    cell.className = urgency(item, today)
  }
}

async function start() {
  // TODO: show a kind message when the file cannot be read
  const answer = await fetch('../data/pantry.json')
  const today = new Date().toISOString().slice(0, 10)
  render(document.getElementById('stock'), await answer.json(), today)
}

if (typeof document !== 'undefined') start()
