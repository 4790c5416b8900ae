// RowDelegate: a row of a list: a sign, a title with something short at its end, and a quieter second line.
// What a row says comes from a function, so that models keep raw values. GUI thread.
#pragma once

#include "ui/widgets/status_look.h"

#include <QStyledItemDelegate>

#include <functional>

namespace muster {

struct RowLook {
    StatusLook sign;
    QString title;
    QString trailing;    // right of the title: an age, a count
    QString subtitle;    // empty in all rows of a list: one line each
    bool quiet = false;  // title in the muted colour: done, put off, not usable
    bool strong = false; // title set off: waits for the person
};

// Elided so that the number of a run ("survey #3") stays readable: its name gives way first.
[[nodiscard]] QString elidedBeforeNumber(const QFontMetrics &metrics, const QString &text, int width);

class RowDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using LookOf = std::function<RowLook(const QModelIndex &)>;
    using HeadingOf = std::function<QString(const QModelIndex &)>;

    RowDelegate(LookOf lookOf, bool twoLines, QObject *parent = nullptr);

    // A row of which it says something stands under that as a heading; its view's rows are not all as tall.
    void setHeadings(HeadingOf headingOf) { m_headingOf = std::move(headingOf); }

    void paint(QPainter *painter, const QStyleOptionViewItem &whole, const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    // What a narrow list cuts is shown whole where the model says nothing else.
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

private:
    void paintHeading(QPainter *painter, const QStyleOptionViewItem &option, const QString &heading) const;

    LookOf m_lookOf;
    HeadingOf m_headingOf;
    bool m_twoLines;
};

} // namespace muster
