//! The load balancer in front of the client's app: the very code of the local one.

use std::net::SocketAddr;

use bytes::Bytes;
use carafe_alb::Exchange;
use http::StatusCode;

use super::reply::Reply;

/// The load balancer's conversions and rules.
#[derive(Debug)]
pub(super) struct Balancer {
    exchange: Exchange,
    multi_value_headers: bool,
}

impl Balancer {
    pub(super) fn new() -> Balancer {
        Balancer { exchange: Exchange::https(), multi_value_headers: false }
    }

    pub(super) fn multi_value_headers(self) -> Balancer {
        Balancer { exchange: self.exchange.multi_value_headers(true), multi_value_headers: true }
    }

    pub(super) fn plain_http(self) -> Balancer {
        let exchange = Exchange::http().multi_value_headers(self.multi_value_headers);
        Balancer { exchange, ..self }
    }

    /// Takes a request to the function and its answer back, or says with which status and why it is refused.
    pub(super) fn exchange(
        &self,
        request: &http::Request<Bytes>,
        client: SocketAddr,
        function: impl FnOnce(Bytes) -> Bytes,
    ) -> Result<Reply, (StatusCode, String)> {
        let refused = |refusal: carafe_alb::Refusal| (refusal.status(), refusal.to_string());
        let event = self.exchange.event(request, client).map_err(refused)?;
        let answer = function(event.into());
        self.exchange.reply(&answer, request).map(Reply::new).map_err(refused)
    }
}
