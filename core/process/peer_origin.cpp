#include "core/process/peer_origin.h"

#include "core/process/child_registry.h"
#include "core/process/launch_spec.h"
#include "core/process/proc_table.h"

#include <QFile>

#include <unistd.h>

#include <algorithm>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

PeerOrigin agent(PeerEvidence by, const QString &marker = {})
{
    return {.kind = PeerOrigin::Kind::Agent, .by = by, .marker = marker};
}

std::optional<PeerOrigin> byMarker(pid_t pid, const QList<KnownTree> &known)
{
    if (environmentOf(pid, guardMarkerVariable))
        return agent(PeerEvidence::Guard);
    const auto value = environmentOf(pid, runMarkerVariable);
    if (!value)
        return std::nullopt;
    const QString marker = QString::fromStdString(*value);
    // A value that is not ours: this node itself may have been started by an agent of another.
    const auto tree = std::ranges::find(known, marker, &KnownTree::marker);
    return tree == known.cend() ? std::nullopt : std::optional(agent(PeerEvidence::Marker, marker));
}

std::optional<PeerOrigin> byCgroup(pid_t pid, const QList<KnownTree> &known)
{
    QFile file(u"/proc/"_s + QString::number(pid) + u"/cgroup"_s);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    for (const QString &line : lines) {
        const QString path = line.section(u':', 2);
        for (const KnownTree &tree : known) {
            if (!tree.cgroupPath.isEmpty() &&
                (path == tree.cgroupPath || path.startsWith(tree.cgroupPath + u'/')))
                return agent(PeerEvidence::Cgroup, tree.marker);
        }
    }
    return std::nullopt;
}

// What a direct child of this process is.
std::optional<PeerOrigin> asOurChild(const ProcEntry &child)
{
    const auto registered = ChildRegistry::instance().find(child.pid);
    if (!registered) {
        // In our own session it is a helper that somebody started here; else it re-parented to us.
        return child.session == getsid(0) ? std::nullopt : std::optional(agent(PeerEvidence::Orphan));
    }
    switch (registered->kind) {
    case ChildKind::Agent:
        return agent(PeerEvidence::Ancestry, registered->marker);
    case ChildKind::Guard:
        return agent(PeerEvidence::Guard);
    case ChildKind::Tool:
    case ChildKind::Terminal:
        break;
    }
    return std::nullopt;
}

} // namespace

PeerOrigin classifyPeer(qint64 pid, const QList<KnownTree> &known)
{
    const pid_t self = getpid();
    for (auto current = static_cast<pid_t>(pid); current > 1 && current != self;) {
        const auto entry = readProcEntry(current);
        if (!entry)
            return {}; // gone while we looked: nothing is known
        const auto root = std::ranges::find(known, qint64{current}, &KnownTree::rootPid);
        if (root != known.cend())
            return agent(PeerEvidence::Ancestry, root->marker);
        auto origin = byMarker(current, known);
        if (!origin)
            origin = byCgroup(current, known);
        if (!origin && entry->parent == self)
            origin = asOurChild(*entry);
        if (origin)
            return *origin;
        current = entry->parent;
    }
    PeerOrigin origin;
    origin.kind = pid > 0 ? PeerOrigin::Kind::Outside : PeerOrigin::Kind::Unknown;
    return origin;
}

} // namespace muster
