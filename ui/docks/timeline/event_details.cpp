#include "ui/docks/timeline/event_details.h"

#include "core/viewmodel/describe.h"
#include "core/viewmodel/describe_event.h"
#include "core/viewmodel/event_cause.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int narrowUnits = 100;           // of width: below it the buttons have short names
constexpr int leastLines = 5;              // of the JSON
constexpr qsizetype maxShown = 256 * 1024; // characters

QLabel *makeLabel(const QString &role, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setProperty("role", role);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

EventDetails::EventDetails(QWidget *parent)
    : QWidget(parent)
    , m_title(makeLabel(u"heading"_s, this))
    , m_line(makeLabel(u"muted"_s, this))
    , m_note(makeLabel(u"muted"_s, this))
    , m_cause(new QPushButton(tr("Go to &cause"), this))
    , m_copy(new QPushButton(tr("Copy as &JSON"), this))
    , m_run(new QPushButton(tr("Only this &run"), this))
    , m_json(new QPlainTextEdit(this))
{
    m_cause->setToolTip(tr("Shows the event that made this one happen (Left arrow in the list)"));
    m_copy->setIcon(themedIcon(u"copy"_s));
    m_copy->setToolTip(tr("Copies the whole event (Ctrl+C in the list)"));
    m_run->setToolTip(tr("Makes the event's run the one that the window looks at"));
    m_json->setReadOnly(true);
    m_json->setProperty("role", u"code"_s);
    m_json->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_json->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_json->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_json->setAccessibleName(tr("Event as JSON"));
    m_json->setTabChangesFocus(true);
    m_note->hide();

    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : {m_cause, m_copy, m_run})
        buttons->addWidget(button);
    buttons->addStretch(1);
    m_json->setMinimumHeight(leastLines * m_json->fontMetrics().lineSpacing());
    auto *scroll = new QScrollArea(this); // in a low dock the labels would be pressed into each other
    auto *inner = new QWidget(scroll);
    auto *column = new QVBoxLayout(inner);
    column->setContentsMargins(metrics::normal(), metrics::normal(), metrics::normal(), metrics::normal());
    column->setSpacing(metrics::normal());
    column->addWidget(m_title);
    column->addWidget(m_line);
    column->addLayout(buttons);
    column->addWidget(m_note);
    column->addWidget(m_json, 1);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setProperty("role", u"page"_s);
    scroll->setFocusPolicy(Qt::NoFocus); // what is in it moves it
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inner);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);
    setMinimumWidth(metrics::units(40));

    connect(m_cause, &QPushButton::clicked, this, &EventDetails::causeWanted);
    connect(m_copy, &QPushButton::clicked, this, &EventDetails::copyWanted);
    connect(m_run, &QPushButton::clicked, this, &EventDetails::runWanted);
    clear();
}

void EventDetails::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool narrow = event->size().width() < metrics::units(narrowUnits);
    m_cause->setText(narrow ? tr("&Cause") : tr("Go to &cause"));
    m_copy->setText(narrow ? tr("&JSON") : tr("Copy as &JSON"));
    m_run->setText(narrow ? tr("&Run") : tr("Only this &run"));
}

void EventDetails::show(const Event &event, const QString &subject)
{
    const QString sentence = describeEvent(event);
    const QString kind = describeEventKind(event.kind);
    m_title->setText(sentence.isEmpty() ? kind : QString(kind % u": " % sentence));
    m_line->setText(
        tr("Event %1, %2 %3, by %4%5")
            .arg(event.seq)
            .arg(QLocale().toString(QDateTime::fromMSecsSinceEpoch(event.atMs).date(), QLocale::ShortFormat),
                 describeTime(event.atMs, true), describeSource(event.source),
                 subject.isEmpty() ? QString() : QString(u", " % subject)));
    const QString json = QString::fromUtf8(QJsonDocument(toJson(event)).toJson(QJsonDocument::Indented));
    m_json->setPlainText(json.size() > maxShown ? QString(json.left(maxShown) % u"\n…") : json);
    m_cause->setEnabled(causeRuleOf(event).has_value());
    m_run->setEnabled(event.refs.run.isValid());
    m_copy->setEnabled(true);
    m_note->hide();
}

void EventDetails::clear()
{
    m_title->setText(tr("No event is selected"));
    m_line->setText(tr("Choose one in the list to see all of it."));
    m_json->clear();
    for (QPushButton *button : {m_cause, m_copy, m_run})
        button->setEnabled(false);
    m_note->hide();
}

void EventDetails::say(const QString &word)
{
    m_note->setText(word);
    m_note->show();
}

} // namespace muster
