#include "ui/docks/chat/transcript.h"

#include "core/viewmodel/message_model.h"
#include "ui/docks/chat/message_card.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"

#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace muster {
namespace {

constexpr int nearEnd = 8; // pixels that still count as being at the end

} // namespace

Transcript::Transcript(MessageModel *model, QWidget *parent)
    : QScrollArea(parent)
    , m_model(model)
    , m_toEnd(new QPushButton(tr("Latest"), this))
{
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Conversation"));
    auto *content = new QWidget(this);
    content->setProperty("role", u"surface"_s);
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addStretch();
    setWidget(content);
    m_toEnd->setIcon(themedIcon(u"chevron-down"_s));
    m_toEnd->setToolTip(tr("Go to the newest message"));
    m_toEnd->hide();
    m_frame.setSingleShot(true);
    m_frame.setInterval(frameMs);

    connect(&m_frame, &QTimer::timeout, this, [this] { refresh(0, m_model->rowCount() - 1); });
    connect(model, &QAbstractItemModel::modelReset, this, &Transcript::rebuild);
    connect(model, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) { insert(first, last); });
    connect(model, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex &, int first, int last) { remove(first, last); });
    connect(model, &QAbstractItemModel::dataChanged, &m_frame, qOverload<>(&QTimer::start));
    connect(model, &MessageModel::streamed, this, [this] {
        if (!m_frame.isActive())
            m_frame.start();
    });
    connect(model, &MessageModel::ticked, this, [this](int row) {
        if (row < m_cards.size())
            m_cards.at(row)->updateState();
    });
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, &Transcript::onRange);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &Transcript::onScrolled);
    connect(m_toEnd, &QPushButton::clicked, this, &Transcript::goToEnd);
    rebuild();
}

bool Transcript::isAtEnd() const
{
    return verticalScrollBar()->value() >= verticalScrollBar()->maximum() - nearEnd;
}

void Transcript::goToEnd()
{
    m_follows = true;
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

void Transcript::setSideMargin(int pixels) { m_column->setContentsMargins(pixels, 0, pixels, 0); }

void Transcript::rebuild()
{
    remove(0, static_cast<int>(m_cards.size()) - 1);
    m_follows = true;
    if (m_model->rowCount() > 0)
        insert(0, m_model->rowCount() - 1);
}

void Transcript::insert(int first, int last)
{
    for (int row = first; row <= last; ++row) {
        auto *card = new MessageCard(m_model, widget());
        connect(card, &MessageCard::retryWanted, this, &Transcript::retryWanted);
        m_cards.insert(row, card);
        m_column->insertWidget(row + 1, card); // the stretch comes first
    }
    refresh(std::max(0, first - 1), last);
}

void Transcript::remove(int first, int last)
{
    for (int row = last; row >= first; --row) {
        MessageCard *card = m_cards.takeAt(row);
        m_column->removeWidget(card);
        card->deleteLater();
    }
}

void Transcript::refresh(int first, int last)
{
    for (int row = first; row <= last && row < m_cards.size(); ++row) {
        const api::MessageInfo *message = m_model->rowAt(row);
        if (!message)
            continue;
        const QModelIndex index = m_model->index(row);
        m_cards.at(row)->setMessage(*message, index.data(MessageModel::TextRole).toString(),
                                    index.data(MessageModel::ThinkingRole).toString(),
                                    row == m_model->rowCount() - 1);
    }
}

void Transcript::onRange()
{
    QScrollBar *bar = verticalScrollBar();
    bar->setValue(m_follows ? bar->maximum() : bar->maximum() - m_fromEnd);
}

void Transcript::onScrolled(int value)
{
    m_follows = isAtEnd();
    m_fromEnd = verticalScrollBar()->maximum() - value;
    m_toEnd->setVisible(!m_follows);
    placeButton();
    if (value == 0 && !m_follows && m_model->canFetchMore({}))
        m_model->fetchMore({});
}

void Transcript::placeButton()
{
    m_toEnd->adjustSize();
    m_toEnd->move((viewport()->width() - m_toEnd->width()) / 2,
                  viewport()->height() - m_toEnd->height() - metrics::normal());
    m_toEnd->raise();
}

void Transcript::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    placeButton();
}

} // namespace muster
