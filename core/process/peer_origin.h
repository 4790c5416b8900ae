// Who is calling: a person, or something that an agent of ours started? Decides whether a caller of the
// node's socket may answer for its person (spec "agents", Permissions). Any thread; reads /proc.
// Without a sandbox an agent can still act through programs of its person; safety.md says so.
#pragma once

#include <QList>
#include <QString>
#include <QtTypes>

#include <cstdint>

namespace muster {

struct KnownTree {
    QString marker;     // MUSTER_RUN value; empty: not marked
    qint64 rootPid = 0; // 0: not known
    QString cgroupPath; // as in /proc/PID/cgroup; empty: none
};

enum class PeerEvidence : std::uint8_t { None, Ancestry, Marker, Cgroup, Orphan, Guard };

struct PeerOrigin {
    // Unknown: gone already or not readable; to be treated as an agent.
    enum class Kind : std::uint8_t { Outside, Agent, Unknown };
    Kind kind = Kind::Unknown;
    PeerEvidence by = PeerEvidence::None;
    QString marker; // of the tree, if it is known which

    [[nodiscard]] bool mayActForPerson() const { return kind == Kind::Outside; }
};

// In the node process: `known` are its live trees; its other children are told apart by ChildRegistry.
[[nodiscard]] PeerOrigin classifyPeer(qint64 pid, const QList<KnownTree> &known);

} // namespace muster
