// Flows that use together what the engine can do, for tests that kill the node under them. Each command
// appends its attempt's key to the file `effects` by one write. What becomes of a run follows from `side`
// (left, right, none) and `breaks` alone; approvals are answered by their title, "yes …" or "no …", or by
// nobody.
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace muster::e2e {

struct MixedFlow {
    QString name;
    QByteArray text;
};

[[nodiscard]] const std::vector<MixedFlow> &mixedFlows();
// With two real agent programs; its steps write the files claude.txt and codex.txt into `folder`.
[[nodiscard]] QByteArray realAgentsFlow(const QString &folder);

} // namespace muster::e2e
