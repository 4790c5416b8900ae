// EventDetails: one event in full: what, when, by whom, its JSON, and the way to its cause. GUI thread.
#pragma once

#include "core/events/event.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace muster {

class EventDetails final : public QWidget {
    Q_OBJECT

public:
    explicit EventDetails(QWidget *parent = nullptr);

    void show(const Event &event, const QString &subject);
    void clear();
    void say(const QString &word); // a note under the buttons, until the next event

signals:
    void causeWanted();
    void copyWanted();
    void runWanted();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QLabel *m_title;
    QLabel *m_line;
    QLabel *m_note;
    QPushButton *m_cause;
    QPushButton *m_copy;
    QPushButton *m_run;
    QPlainTextEdit *m_json;
};

} // namespace muster
