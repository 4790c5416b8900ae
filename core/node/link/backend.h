// Backend: what a node does, seen from the links that bring requests to it (InProcessNode, NodeServer). Lives
// on the core thread; every call comes on that thread and returns at once; callbacks come on that thread,
// each once.
#pragma once

#include "core/node/api/node_api.h"

#include <QObject>

namespace muster {

// Who asks. An agent is a process inside a session's tree, or one that says that it speaks for an agent: it
// may read, and ask for a flow to be started, but never answer, force, configure or trust (spec "safety": an
// agent is not its person).
struct Caller {
    enum class Role : std::uint8_t { Person, Agent };
    Role role = Role::Person;
    QString name;   // "window", "command line (pid 12)": who answered, in audits
    QString marker; // of the tree that it is in, if it is known which
};

class Backend : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    using CommandCallback = std::function<void(Result<api::CommandDone>)>;
    using QueryCallback = std::function<void(Result<api::QueryReply>)>;
    using NoticeHandler = std::function<void(const api::Notice &)>;

    virtual void submit(const Caller &caller, const api::Command &command, CommandCallback done) = 0;
    virtual void query(const Caller &caller, const api::Query &query, QueryCallback done) = 0;
    // Notices stop after unsubscribe(); ids are never used twice.
    virtual int subscribe(const api::Subscription &subscription, NoticeHandler handler) = 0;
    virtual void unsubscribe(int id) = 0;
};

} // namespace muster
