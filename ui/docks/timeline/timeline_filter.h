// TimelineFilter: the bar over the timeline: words, kinds, this run or everything, and whether it is live.
// Typing tells after a short rest. GUI thread.
#pragma once

#include "core/viewmodel/describe_event.h"

#include <QTimer>
#include <QWidget>

class QBoxLayout;
class QLineEdit;
class QMenu;
class QToolButton;

namespace muster {

class TimelineFilter final : public QWidget {
    Q_OBJECT

public:
    explicit TimelineFilter(QWidget *parent = nullptr);

    [[nodiscard]] QString text() const;
    [[nodiscard]] QStringList kinds() const; // prefixes; empty: all
    [[nodiscard]] bool thisRunOnly() const;
    void setThisRunOnly(bool only);
    // The run's name, or empty when none is chosen.
    void setRunName(const QString &name);
    void setLive(bool live, int unseen);
    void setNarrow(bool narrow);
    void focusText();
    void reset();
    [[nodiscard]] bool isFiltering() const { return !text().isEmpty() || !kinds().isEmpty(); }

signals:
    void changed();
    void newestWanted();

private:
    void makeKindMenu();
    void showKinds();

    QLineEdit *m_text;
    QToolButton *m_kinds;
    QMenu *m_menu;
    QToolButton *m_thisRun;
    QToolButton *m_everything;
    QToolButton *m_live;
    QBoxLayout *m_rows;
    QList<EventGroup> m_groups;
    QTimer m_rest;
};

} // namespace muster
