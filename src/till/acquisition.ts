import {
  answerHeader,
  errorConditionOf,
  failure,
  maskedPan,
  minorOf,
  type NexoResponse,
  paymentBrand,
  poiData,
  repeatedSaleData,
} from '#nexo/index.ts';
import type { AcquisitionRequest, AcquisitionResult } from '#terminal/desks.ts';
import { codeOf } from '#terminal/format.ts';
import { allowedBrands } from './brands.ts';
import { tellProgress } from './payment.ts';
import { refused, type Service } from './turn.ts';

type Answer = NexoResponse<'CardAcquisition'>;

/** Reads a card for a till, which may then ask for a payment by that card. */
export const acquire = async (service: Service<'CardAcquisition'>): Promise<Answer> => {
  const { desk, request, own } = service;
  const order = orderOf(service);
  if ('category' in order) return order;
  const { terminal, clock, books } = desk.parts;
  const told = await terminal.acquire(order, own.abort.signal, tellProgress(service));
  const { transactionId, cardToken } = told;
  if (told.status === 'acquired' && cardToken !== undefined) {
    desk.acquisitions.keep(transactionId, { saleId: request.header.SaleID, cardToken });
  }
  const { SaleData } = request.body;
  const brand = told.scheme === undefined ? undefined : paymentBrand(told.scheme);
  const condition = errorConditionOf(told, own.abort.signal.aborted);
  return {
    category: 'CardAcquisition',
    header: answerHeader(request.header),
    body: {
      Response:
        condition === undefined ? { Result: 'Success' } : failure(condition, detailsOf(told)),
      SaleData: repeatedSaleData(SaleData),
      POIData: poiData(transactionId, clock.wallMs(), books.period),
      ...(brand ? { PaymentBrand: [brand] } : {}),
      ...(brand ? { PaymentInstrumentData: instrumentOf(service, told, brand) } : {}),
    },
  };
};

const orderOf = (service: Service<'CardAcquisition'>): AcquisitionRequest | Answer => {
  const { desk, request } = service;
  const { currency, wallets } = desk.parts;
  const { CardAcquisitionTransaction: asked } = request.body;
  const amountMinor = minorOf(asked.TotalAmount ?? 0, codeOf(currency));
  if (amountMinor === undefined) {
    return refused(service, 'MessageFormat', 'TotalAmount has too many decimal places');
  }
  const { AllowedPaymentBrand: named = [], CustomerLanguage: language } = asked;
  const { cards } = allowedBrands(named, wallets);
  if (named.length > 0 && cards.length === 0) {
    return refused(service, 'UnavailableService', 'no card of these brands is taken here');
  }
  return {
    ...{ amountMinor, currency },
    ...(cards.length === 0 ? {} : { brands: cards }),
    ...(language === undefined ? {} : { language }),
  };
};

const instrumentOf = (
  { request }: Service<'CardAcquisition'>,
  { maskedPan: masked, cardToken }: AcquisitionResult,
  brand: string,
): Answer['body']['PaymentInstrumentData'] => {
  const { TokenRequestedType } = request.body.SaleData;
  const token =
    TokenRequestedType && cardToken
      ? { PaymentToken: { TokenRequestedType, TokenValue: cardToken } }
      : {};
  return {
    PaymentInstrumentType: 'Card',
    CardData: {
      PaymentBrand: brand,
      MaskedPan: masked === undefined ? undefined : maskedPan(masked),
      EntryMode: ['Contactless'],
      ...token,
    },
  };
};

const detailsOf = ({ reason, restriction }: AcquisitionResult) => ({
  message: restriction?.cashier ?? reason,
  decision: restriction?.decision,
  alternatives: restriction?.alternatives.join(','),
});
