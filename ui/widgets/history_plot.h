// HistoryPlot: one measure over time, a mark for each time that it was taken, with what it may be at most as
// a line. The value under the pointer or the keyboard's mark stands beside the title; Left, Right, Home and
// End move the mark, Enter chooses it. Painted by hand. GUI thread.
#pragma once

#include <QWidget>

#include <functional>
#include <vector>

namespace muster {

struct PlotPoint {
    qint64 id = 0; // told when it is chosen
    qint64 atMs = 0;
    double value = 0; // not negative
    bool failed = false;
};

// What the axis counts, for round ends.
enum class PlotUnit : std::uint8_t { Number, Milliseconds };

// The round value at the end of an axis that must hold `most`.
[[nodiscard]] double plotTop(double most, PlotUnit unit);

class HistoryPlot final : public QWidget {
    Q_OBJECT

public:
    using Words = std::function<QString(double)>;

    HistoryPlot(const QString &title, PlotUnit unit, Words words, QWidget *parent = nullptr);

    // In ascending order of time. The mark stays where it was, by id.
    void setPoints(std::vector<PlotPoint> points);
    // What is allowed at most now; 0: no limit.
    void setLimit(double limit);
    void setCurrent(qint64 id);
    [[nodiscard]] const std::vector<PlotPoint> &points() const { return m_points; }
    // -1: none.
    [[nodiscard]] int current() const { return m_current; }
    // "3.2 s, Mon 23 Nov, 09:00", "limit 800" and so on of a point.
    [[nodiscard]] QString wordsOf(int point) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void marked(qint64 id); // by pointer or keyboard
    void chosen(qint64 id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QRectF plotArea() const;
    [[nodiscard]] QPointF placeOf(const PlotPoint &point, const QRectF &area) const;
    [[nodiscard]] int nearest(const QPointF &place) const;
    void mark(int point);
    void describeAll();
    void paintHead(QPainter &painter) const;
    void paintAxes(QPainter &painter, const QRectF &area) const;
    void paintLimit(QPainter &painter, const QRectF &area) const;
    void paintPoints(QPainter &painter, const QRectF &area) const;

    QString m_title;
    PlotUnit m_unit;
    Words m_words;
    std::vector<PlotPoint> m_points;
    double m_limit = 0;
    double m_top = 1;
    int m_current = -1;
    int m_hover = -1;
};

} // namespace muster
