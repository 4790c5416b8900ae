// EmptyState: what a list shows while it has nothing: why, and what to do about it. GUI thread.
#pragma once

#include <QWidget>

#include <functional>

class QLabel;
class QPushButton;

namespace muster {

class EmptyState final : public QWidget {
    Q_OBJECT

public:
    EmptyState(const QString &icon, const QString &title, const QString &help, QWidget *parent = nullptr);

    void setTexts(const QString &title, const QString &help);
    // An empty text takes the button away.
    void setAction(const QString &text, std::function<void()> run);

private:
    QLabel *m_title;
    QLabel *m_help;
    QPushButton *m_button;
    std::function<void()> m_run;
};

} // namespace muster
