#include "ui/docks/editor/flow_drafts.h"

#include "ui/shell/window_settings.h"

#include <QCryptographicHash>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr qsizetype parts = 3;

QString groupOf(ProjectId project) { return u"flow_drafts/"_s % QString::number(project.value); }

QString keyOf(ProjectId project, const QString &path)
{
    const QByteArray hash = QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha1).toHex();
    return groupOf(project) % u'/' % QString::fromLatin1(hash.left(16));
}

} // namespace

QString flowNameOf(const QString &path) { return path.section(u'/', -1).section(u'.', 0, 0); }

QString openFlowKey(ProjectId project) { return u"editor/flow/" % QString::number(project.value); }

void FlowDrafts::keep(ProjectId project, const UnsavedFlow &draft)
{
    if (m_settings)
        m_settings->setValue(keyOf(project, draft.path), QStringList{draft.path, draft.baseHash, draft.text});
}

void FlowDrafts::drop(ProjectId project, const QString &path)
{
    if (m_settings)
        m_settings->setValue(keyOf(project, path), {});
}

std::optional<UnsavedFlow> FlowDrafts::find(ProjectId project, const QString &path) const
{
    const QStringList kept =
        m_settings ? m_settings->value(keyOf(project, path)).toStringList() : QStringList();
    if (kept.size() != parts)
        return std::nullopt;
    return UnsavedFlow{.path = kept.at(0), .baseHash = kept.at(1), .text = kept.at(2)};
}

std::vector<UnsavedFlow> FlowDrafts::all(ProjectId project) const
{
    std::vector<UnsavedFlow> drafts;
    if (!m_settings)
        return drafts;
    const QStringList keys = m_settings->keysUnder(groupOf(project));
    for (const QString &key : keys) {
        const QStringList kept = m_settings->value(groupOf(project) % u'/' % key).toStringList();
        if (kept.size() == parts)
            drafts.push_back({.path = kept.at(0), .baseHash = kept.at(1), .text = kept.at(2)});
    }
    return drafts;
}

} // namespace muster
