#include "ui/docks/changes/change_delegates.h"

#include "core/viewmodel/changes_model.h"
#include "core/viewmodel/describe.h"
#include "core/viewmodel/worktrees_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

void drawBackground(QPainter *painter, const QStyleOptionViewItem &option)
{
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    if (option.state.testFlag(QStyle::State_HasFocus))
        drawFocusRing(painter, option.rect);
}

// Draws at the right end of `line` and gives what is left of it.
QRect drawRight(QPainter *painter, QRect line, const QString &text, const QColor &color)
{
    if (text.isEmpty())
        return line;
    painter->setPen(color);
    painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, text);
    line.setRight(line.right() - painter->fontMetrics().horizontalAdvance(text) - metrics::normal());
    return line;
}

QRect drawCounts(QPainter *painter, QRect line, int added, int removed)
{
    const ThemeColors &colors = Theme::colors();
    const QLocale locale;
    if (removed > 0)
        line = drawRight(painter, line, u'−' + locale.toString(removed), colors.failed);
    if (added > 0)
        line = drawRight(painter, line, u'+' + locale.toString(added), colors.completed);
    return line;
}

void drawLeft(QPainter *painter, const QRect &line, const QString &text, const QColor &color,
              Qt::TextElideMode elide = Qt::ElideRight)
{
    painter->setPen(color);
    painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(text, elide, line.width()));
}

QColor stateColor(const QString &state)
{
    const ThemeColors &colors = Theme::colors();
    if (state == "ahead"_L1 || state == "merged"_L1)
        return colors.completed;
    if (state == "dirty"_L1 || state == "active"_L1)
        return colors.waiting;
    return colors.mutedText;
}

QColor statusColor(const QString &status)
{
    const ThemeColors &colors = Theme::colors();
    if (status == "added"_L1)
        return colors.completed;
    if (status == "deleted"_L1)
        return colors.failed;
    return status == "renamed"_L1 ? colors.running : colors.waiting;
}

} // namespace

QSize WorktreeDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {metrics::units(40), 2 * option.fontMetrics.height() + metrics::units(3)};
}

void WorktreeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    painter->save();
    drawBackground(painter, option);
    const ThemeColors &colors = Theme::colors();
    const QRect inside =
        option.rect.adjusted(metrics::normal(), metrics::tight(), -metrics::normal(), -metrics::tight());
    const QRect top(inside.left(), inside.top(), inside.width(), inside.height() / 2);
    const QRect bottom(inside.left(), top.bottom() + 1, inside.width(), inside.height() / 2);

    const QString state = index.data(WorktreesModel::StateRole).toString();
    QFont strong = option.font;
    strong.setWeight(QFont::DemiBold);
    painter->setFont(option.font);
    const QRect title = drawRight(painter, top, describeWorktreeState(state), stateColor(state));
    painter->setFont(strong);
    drawLeft(painter, title, index.data(Qt::DisplayRole).toString(), colors.text);
    painter->setFont(option.font);
    QRect rest = drawCounts(painter, bottom, index.data(WorktreesModel::AddedRole).toInt(),
                            index.data(WorktreesModel::RemovedRole).toInt());
    if (const int files = index.data(WorktreesModel::FilesRole).toInt(); files > 0)
        rest = drawRight(painter, rest, tr("%n file(s)", nullptr, files), colors.mutedText);
    drawLeft(painter, rest, index.data(WorktreesModel::BranchRole).toString(), colors.mutedText,
             Qt::ElideMiddle);
    painter->restore();
}

QSize FileDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {metrics::units(30), metrics::rowHeight()};
}

void FileDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    painter->save();
    drawBackground(painter, option);
    const ThemeColors &colors = Theme::colors();
    QRect line = option.rect.adjusted(metrics::normal(), 0, -metrics::normal(), 0);
    const QString status = index.data(ChangesModel::StatusRole).toString();
    const QRect letter(line.left(), line.top(), metrics::units(5), line.height());
    QFont code = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    code.setBold(true);
    painter->setFont(code);
    painter->setPen(statusColor(status));
    painter->drawText(letter, Qt::AlignLeft | Qt::AlignVCenter, statusLetter(status));
    painter->setFont(option.font);
    line.setLeft(letter.right());
    if (index.data(ChangesModel::BinaryRole).toBool())
        line = drawRight(painter, line, tr("binary"), colors.mutedText);
    else
        line = drawCounts(painter, line, index.data(ChangesModel::AddedRole).toInt(),
                          index.data(ChangesModel::RemovedRole).toInt());
    const QString path = index.data(ChangesModel::PathRole).toString();
    const QString name = path.section(u'/', -1);
    const QString folder = path.chopped(name.size());
    drawLeft(painter, line, name, colors.text, Qt::ElideMiddle);
    line.setLeft(line.left() + painter->fontMetrics().horizontalAdvance(name) + metrics::normal());
    if (line.width() > metrics::units(8))
        drawLeft(painter, line, folder, colors.mutedText, Qt::ElideMiddle);
    painter->restore();
}

} // namespace muster
