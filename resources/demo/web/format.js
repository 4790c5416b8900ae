// Turns stock rows into what the page shows: pure functions, so that they can be tested without a browser.

/** Days from one day to another; negative if it has passed. */
export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86400000)
}

/** How urgent an item is: "gone", "soon", "fine", or "keeps" for what has no day. */
export function urgency(item, today) {
  if (!item.best_before) return 'keeps'
  const days = daysBetween(today, item.best_before)
  if (days < 0) return 'gone'
  return days <= 3 ? 'soon' : 'fine'
}

/** What runs out first comes first; what keeps comes last, by name. */
export function byUrgency(items) {
  const day = item => item.best_before || '9999-12-31'
  return [...items].sort((a, b) => day(a).localeCompare(day(b)) || a.name.localeCompare(b.name))
}

/** One line for people: "Milk, 1 l, 2 days left". */
export function describe(item, today) {
  const kind = urgency(item, today)
  if (kind === 'keeps') return `${item.name}, ${item.amount}`
  if (kind === 'gone') return `${item.name}, ${item.amount}, past its day`
  const days = daysBetween(today, item.best_before)
  return `${item.name}, ${item.amount}, ${days === 1 ? '1 day' : `${days} days`} left`
}
