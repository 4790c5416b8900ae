// CommandPalette: a panel over the window that finds any action by a few letters and runs it. Up, Down, Page
// keys, Enter and Escape do everything; a click does too. GUI thread.
#pragma once

#include <QFrame>
#include <QPointer>

class QLabel;
class QLineEdit;
class QListView;

namespace muster {

class ActionRegistry;
class PaletteModel;

class CommandPalette final : public QFrame {
    Q_OBJECT

public:
    CommandPalette(const ActionRegistry *actions, QWidget *window);

    void openPalette();
    void closePalette();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void runCurrent();
    bool handleKey(int key);
    void selectFirst();
    void place();

    PaletteModel *m_model;
    QLineEdit *m_input;
    QListView *m_list;
    QLabel *m_none; // instead of the list where nothing fits
    QPointer<QWidget> m_focusBefore;
};

} // namespace muster
