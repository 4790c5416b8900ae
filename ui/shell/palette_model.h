// PaletteModel: the actions of a registry that fit what was typed, best first, recently used ones before
// others of the same rank. GUI thread.
#pragma once

#include "core/viewmodel/fuzzy.h"

#include <QAbstractListModel>
#include <QHash>
#include <QList>

class QAction;

namespace muster {

class ActionRegistry;

class PaletteModel final : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { ShortcutRole = Qt::UserRole + 1, PositionsRole, HelpRole };

    explicit PaletteModel(const ActionRegistry *actions, QObject *parent = nullptr);

    void setPattern(const QString &pattern);
    [[nodiscard]] QAction *actionAt(int row) const;
    void noteUsed(const QString &actionId);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Row {
        QAction *action = nullptr;
        int score = 0;
        QList<int> positions;
    };

    const ActionRegistry *m_actions;
    QList<Row> m_rows;
    QHash<QString, int> m_lastUse; // action id → a growing number
};

} // namespace muster
