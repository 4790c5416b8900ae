#include "ui/docks/chat/draft_keeper.h"

#include "ui/docks/chat/composer.h"
#include "ui/shell/window_settings.h"

#include <QScopedValueRollback>

using namespace Qt::StringLiterals;

namespace muster {

DraftKeeper::DraftKeeper(Composer *composer, WindowSettings *settings, QObject *parent)
    : QObject(parent)
    , m_composer(composer)
    , m_settings(settings)
{
    connect(composer, &Composer::edited, this, &DraftKeeper::keep);
}

QString DraftKeeper::keyOf(ProjectId project, ConversationId conversation)
{
    if (!project.isValid())
        return {};
    const QString which = conversation.isValid() ? QString::number(conversation.value) : u"new"_s;
    return u"drafts/" % QString::number(project.value) % u'/' % which;
}

void DraftKeeper::show(ProjectId project, ConversationId conversation, bool carry)
{
    const QString key = keyOf(project, conversation);
    if (key == m_key)
        return;
    if (carry && !m_key.isEmpty()) {
        m_settings->setValue(m_key, {});
        m_key = key;
        keep();
        return;
    }
    m_key = key;
    const QScopedValueRollback showing(m_showing, true);
    // The first is the text, the others are attached files.
    QStringList draft = key.isEmpty() ? QStringList() : m_settings->value(key).toStringList();
    const QString text = draft.isEmpty() ? QString() : draft.takeFirst();
    m_composer->setText(text, draft);
}

bool DraftKeeper::hasNew(ProjectId project) const
{
    return project.isValid() && !m_settings->value(keyOf(project, {})).toStringList().isEmpty();
}

void DraftKeeper::keep()
{
    if (m_key.isEmpty() || m_showing)
        return;
    const QString text = m_composer->text();
    const QStringList files = m_composer->attachments();
    m_settings->setValue(m_key, text.isEmpty() && files.isEmpty() ? QVariant()
                                                                  : QVariant(QStringList(text) + files));
}

} // namespace muster
