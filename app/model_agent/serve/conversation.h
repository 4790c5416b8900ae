// One conversation and its file, so that a new process can go on with it. A file each, written whole and put
// in place at once, after each piece of a turn; old ones are removed when a new one is made. Folder:
// Options::stateFolder. One thread.
#pragma once

#include "core/base/result.h"
#include "core/protocol/models/model_conversation.h"

#include <QString>

#include <vector>

namespace muster::model {

struct Conversation {
    QString id;
    QString folder; // the workspace, absolute, without links
    QString api;    // parts that are a provider's own mean nothing to another
    QString model;
    int turns = 0;
    std::vector<ModelMessage> messages;
};

class ConversationStore {
public:
    static constexpr qint64 maxBytes = 64LL * 1024 * 1024;
    static constexpr int keptDays = 30;

    explicit ConversationStore(QString folder);

    [[nodiscard]] Result<Conversation> create(const QString &workspace, const QString &api,
                                              const QString &model) const;
    // NotFound, InvalidArgument, Corrupt. Calls that a dead process left without a result have one.
    [[nodiscard]] Result<Conversation> load(const QString &id) const;
    [[nodiscard]] Status save(const Conversation &conversation) const; // TooLarge, Io

private:
    [[nodiscard]] QString pathOf(const QString &id) const;
    void prune() const;

    QString m_folder;
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
