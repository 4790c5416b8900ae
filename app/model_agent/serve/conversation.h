// One conversation and its file, so that a new process can go on with it. It is saved after each piece of a
// turn. Folder: Options::stateFolder. One thread.
#pragma once

#include "app/agent_io/session_store.h"
#include "core/protocol/models/model_conversation.h"

#include <vector>

namespace muster::model {

struct Conversation {
    static constexpr qint64 maxBytes = 64LL * 1024 * 1024;

    QString id;
    QString folder; // the workspace, absolute, without links
    QString api;    // parts that are a provider's own mean nothing to another
    QString model;
    int turns = 0;
    std::vector<ModelMessage> messages;
};

// Every call of a tool needs its result before anything else is said.
void closeOpenCalls(std::vector<ModelMessage> &messages, const QString &words);

} // namespace muster::model

namespace muster {

template <> struct Fields<model::Conversation> {
    using T = model::Conversation;
    static constexpr auto list =
        std::tuple{field("id", &T::id),       field("cwd", &T::folder),  field("api", &T::api),
                   field("model", &T::model), field("turns", &T::turns), field("messages", &T::messages)};
};

} // namespace muster

namespace muster::model {

class ConversationStore {
public:
    explicit ConversationStore(QString folder)
        : m_sessions(std::move(folder))
    {
    }

    [[nodiscard]] Result<Conversation> create(Conversation conversation) const
    {
        return m_sessions.create(std::move(conversation));
    }
    // As in SessionStore. Calls that a dead process left without a result have one.
    [[nodiscard]] Result<Conversation> load(const QString &id) const;
    [[nodiscard]] Status save(const Conversation &conversation) const
    {
        return m_sessions.save(conversation);
    }

private:
    SessionStore<Conversation> m_sessions;
};

} // namespace muster::model
