// DraftKeeper: what was written and not sent, per conversation, kept in the window's settings, so that it is
// there again after another conversation, a close or a crash. GUI thread.
#pragma once

#include "core/base/strong_id.h"

#include <QObject>
#include <QString>

namespace muster {

class Composer;
class WindowSettings;

class DraftKeeper final : public QObject {
    Q_OBJECT

public:
    DraftKeeper(Composer *composer, WindowSettings *settings, QObject *parent);

    // Shows the draft of this conversation; an invalid one is the new one of the project, and without a
    // project there is none. `carry`: what is written stays, because the new one has got its id.
    void show(ProjectId project, ConversationId conversation, bool carry = false);
    [[nodiscard]] bool hasNew(ProjectId project) const;

private:
    [[nodiscard]] static QString keyOf(ProjectId project, ConversationId conversation);
    void keep();

    Composer *m_composer;
    WindowSettings *m_settings;
    QString m_key; // empty: nothing is kept
    bool m_showing = false;
};

} // namespace muster
