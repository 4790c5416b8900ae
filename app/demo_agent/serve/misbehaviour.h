// Does what the markers of a prompt tell. Those that set the pace or act come before the answer, those that
// end or halt the agent in its middle, those that are an error take its place. Used from the turn's thread.
#pragma once

#include "app/demo_agent/serve/actions.h"
#include "app/demo_agent/serve/markers.h"
#include "core/protocol/json_rpc.h"

#include <optional>

namespace muster::demo {

class Misbehaviour {
public:
    // `resumed`: the turn is done anew by "continue", so what ended or halted it is not done again.
    Misbehaviour(QString root, std::vector<Marker> markers, bool resumed);

    // What takes the place of an answer, if anything does.
    [[nodiscard]] std::optional<RpcError> error() const;
    [[nodiscard]] double costUsd() const; // what the turn is to say that it costs
    void beforeAnswer(Narrator &narrator, Actions &actions);
    void amidAnswer(Narrator &narrator);

private:
    void settleOnce();
    void act(const Marker &marker, Narrator &narrator, Actions &actions);

    QString m_root;
    std::vector<Marker> m_markers;
};

// Where markers may write: below the session's folder, the temporary folder or the agent's state folder.
[[nodiscard]] bool markerMayWrite(const QString &root, const QString &path);

} // namespace muster::demo
