// ItemList: the rows below one row of a RunModel, the items of a list above all, with what became of each; a
// click or Enter chooses one. GUI thread.
#pragma once

#include <QListView>

namespace muster {

class RunModel;

class ItemList final : public QListView {
    Q_OBJECT

public:
    explicit ItemList(QWidget *parent = nullptr);

    void setRun(RunModel *model);
    // Not valid, or nothing below it: none.
    void setList(const QModelIndex &list);
    [[nodiscard]] bool isEmpty() const { return !m_list.isValid(); }

signals:
    void chosen(const QModelIndex &row);

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    QPersistentModelIndex m_list;
};

} // namespace muster
