#include "ui/dialogs/at_capacity_dialog.h"

#include "core/viewmodel/describe_tasks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/wrapped_label.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int secondMs = 1000;

QVBoxLayout *columnOf(QWidget *page)
{
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::units(3));
    return column;
}

QLabel *addText(QVBoxLayout *column, const QString &role, const QString &text)
{
    QLabel *label = wrappedLabel(role, column->parentWidget());
    showText(label, text);
    column->addWidget(label);
    return label;
}

} // namespace

AtCapacityDialog::AtCapacityDialog(QString what, Error full, QWidget *parent)
    : QDialog(parent)
    , m_what(std::move(what))
    , m_full(std::move(full))
    , m_pages(new QStackedWidget(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Run %1 now").arg(m_what));
    setMinimumWidth(metrics::units(110));
    m_pages->addWidget(makeQuestion());
    m_pages->addWidget(makeConfirmation());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::wide(), metrics::wide(), metrics::wide(), metrics::wide());
    column->addWidget(m_pages);
    m_second.setInterval(secondMs);
    connect(&m_second, &QTimer::timeout, this, &AtCapacityDialog::tell);
    m_second.start();
    tell();
}

QWidget *AtCapacityDialog::makeQuestion()
{
    auto *page = new QWidget(m_pages);
    QVBoxLayout *column = columnOf(page);
    m_text = addText(column, u"heading"_s, u" "_s);
    addText(column, u"text"_s,
            tr("“%1” can wait in the queue, and begins by itself when a slot is free.").arg(m_what));
    auto *queue = new QPushButton(tr("&Queue it"), page);
    queue->setProperty("role", u"primary"_s);
    queue->setDefault(true);
    auto *anyway = new QPushButton(tr("Run &anyway…"), page);
    auto *cancel = new QPushButton(tr("Cancel"), page);
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(cancel);
    row->addWidget(anyway);
    row->addWidget(queue);
    column->addStretch();
    column->addLayout(row);
    connect(queue, &QPushButton::clicked, this, [this] {
        emit queueWanted();
        accept();
    });
    connect(anyway, &QPushButton::clicked, this, [this] {
        m_pages->setCurrentIndex(1);
        m_force->setFocus();
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    return page;
}

QWidget *AtCapacityDialog::makeConfirmation()
{
    auto *page = new QWidget(m_pages);
    QVBoxLayout *column = columnOf(page);
    addText(column, u"heading"_s, tr("Run “%1” over the cap?").arg(m_what));
    addText(
        column, u"text"_s,
        tr("It begins at once beside those that run. Nothing else of its pool begins until enough of them "
           "have ended. That you said so is written down."));
    m_force = new QPushButton(tr("&Run over the cap"), page);
    m_force->setProperty("role", u"danger"_s);
    m_force->setAutoDefault(false);
    auto *back = new QPushButton(tr("&Back"), page);
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(back);
    row->addWidget(m_force);
    column->addStretch();
    column->addLayout(row);
    connect(m_force, &QPushButton::clicked, this, [this] {
        emit forceWanted();
        accept();
    });
    connect(back, &QPushButton::clicked, this, [this] { m_pages->setCurrentIndex(0); });
    return page;
}

// The seconds go on while it is read.
void AtCapacityDialog::tell()
{
    const QString text = describeAtCapacity(m_full, QDateTime::currentMSecsSinceEpoch()).value_or(QString());
    if (m_text->text() != text)
        m_text->setText(text);
}

} // namespace muster
