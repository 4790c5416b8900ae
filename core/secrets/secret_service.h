// What QtKeychain does not tell: whether a value that was not found is there all the same, in a keyring that
// is locked. Asks the Secret Service of the session bus; where there is none, the answer is no. Any thread
// with an event loop. Source: freedesktop.org Secret Service API 0.2, SearchItems.
#pragma once

#include <QObject>
#include <QString>

#include <functional>

namespace muster {

// `service` and `name` as QtKeychain files them. `done` is called once, from the event loop of `context`'s
// thread, unless `context` has gone by then.
void lookForLocked(const QString &service, const QString &name, QObject *context,
                   std::function<void(bool)> done);

} // namespace muster
