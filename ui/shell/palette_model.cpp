#include "ui/shell/palette_model.h"

#include "ui/shell/action_registry.h"

#include <QAction>

namespace muster {

PaletteModel::PaletteModel(const ActionRegistry *actions, QObject *parent)
    : QAbstractListModel(parent)
    , m_actions(actions)
{
    setPattern({});
}

void PaletteModel::setPattern(const QString &pattern)
{
    beginResetModel();
    m_rows.clear();
    for (QAction *action : m_actions->all()) {
        const QString text = plainText(*action);
        if (auto match = fuzzyMatch(pattern, text)) {
            // A match in the name outranks any match in the explanation.
            m_rows.append({action, match->score + 1000, std::move(match->positions)});
        } else if (action->statusTip().contains(pattern, Qt::CaseInsensitive)) {
            m_rows.append({action, 0, {}});
        }
    }
    std::ranges::stable_sort(m_rows, [this](const Row &a, const Row &b) {
        const bool aOff = !a.action->isEnabled();
        const bool bOff = !b.action->isEnabled();
        const int aUse = m_lastUse.value(actionId(*a.action));
        const int bUse = m_lastUse.value(actionId(*b.action));
        return std::tuple(aOff, -a.score, -aUse) < std::tuple(bOff, -b.score, -bUse);
    });
    endResetModel();
}

QAction *PaletteModel::actionAt(int row) const
{
    return row >= 0 && row < m_rows.size() ? m_rows[row].action : nullptr;
}

void PaletteModel::noteUsed(const QString &actionId)
{
    m_lastUse.insert(actionId, static_cast<int>(m_lastUse.size()) + 1);
}

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return plainText(*row.action);
    case Qt::DecorationRole:
        return row.action->icon();
    case Qt::AccessibleTextRole: {
        const QString shortcut = row.action->shortcut().toString(QKeySequence::NativeText);
        return shortcut.isEmpty() ? plainText(*row.action)
                                  : tr("%1, shortcut %2").arg(plainText(*row.action), shortcut);
    }
    case ShortcutRole:
        return row.action->shortcut().toString(QKeySequence::NativeText);
    case PositionsRole:
        return QVariant::fromValue(row.positions);
    case HelpRole:
    case Qt::ToolTipRole:
        return row.action->statusTip();
    default:
        return {};
    }
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    return m_rows[index.row()].action->isEnabled() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable
                                                   : Qt::NoItemFlags;
}

} // namespace muster
