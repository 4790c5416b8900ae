// Sessions on disk: one file of JSON lines each, written as a turn begins and as it ends, so that a new
// process can load a session and see a turn that never ended. Folder: $MUSTER_DEMO_STATE, else
// muster-demo-agent in the user's state folder. Any thread, one writer per session.
#pragma once

#include "core/base/result.h"

#include <QString>

#include <vector>

namespace muster::demo {

struct PastTurn {
    QString prompt;
    QString answer;
    QString stop; // "end_turn", "cancelled", "error"; empty: it never ended
};

struct StoredSession {
    QString id;
    QString folder;
    std::vector<PastTurn> turns;

    // The prompt of the last turn if that did not end well; empty otherwise.
    [[nodiscard]] QString unfinishedPrompt() const;
    // Of the last turn; empty if there was none.
    [[nodiscard]] QString lastPrompt() const { return turns.empty() ? QString() : turns.back().prompt; }
    [[nodiscard]] qint64 characters() const; // of all prompts and answers
};

class SessionStore {
public:
    explicit SessionStore(QString folder);
    [[nodiscard]] static QString defaultFolder();

    [[nodiscard]] Result<StoredSession> create(const QString &workingFolder) const;
    [[nodiscard]] Result<StoredSession> load(const QString &id) const; // NotFound, InvalidArgument
    [[nodiscard]] Status beginTurn(const QString &id, const QString &prompt) const;
    [[nodiscard]] Status endTurn(const QString &id, const QString &answer, const QString &stop) const;
    [[nodiscard]] QString folder() const { return m_folder; }

private:
    [[nodiscard]] QString pathOf(const QString &id) const;
    [[nodiscard]] Status append(const QString &id, const QByteArray &line) const;

    QString m_folder;
};

} // namespace muster::demo
