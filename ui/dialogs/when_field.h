// WhenField: when a schedule fires, and in which zone, with how it is understood while it is typed: in words,
// as cron, and the next five times in the person's own zone; what is not understood is underlined at its
// place. GUI thread.
#pragma once

#include "core/node/api/schedule_values.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace muster {

class FactLine;
class MarkedLine;
class WhenPreview;

class WhenField final : public QWidget {
    Q_OBJECT

public:
    explicit WhenField(QWidget *parent = nullptr);

    void setValues(const QString &when, const QString &zone);
    void setWhen(const QString &when);
    [[nodiscard]] QString when() const;
    [[nodiscard]] QString zone() const;
    void setReadOnly(bool readOnly);
    [[nodiscard]] MarkedLine *line() const { return m_when; }

    void show(const WhenPreview &preview);
    using QWidget::show;
    // The times that are shown come nearer.
    void updateTimes();

signals:
    void edited();

private:
    void showProblem(const api::SchedulePreview &preview);
    void showReading(const QString &reading, const api::SchedulePreview &preview);

    MarkedLine *m_when;
    QComboBox *m_zone;
    FactLine *m_reading;
    QLabel *m_cron;
    QLabel *m_times;
    QLabel *m_examples;
    std::vector<qint64> m_next;
};

} // namespace muster
