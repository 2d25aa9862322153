/* A stand-in for the part of the HAL that INTEGRATION.md uses: the UART is stdin and stdout, interrupts are calls. */
#ifndef STM32H7XX_HAL_H
#define STM32H7XX_HAL_H

#include <stdint.h>

typedef enum { HAL_OK, HAL_ERROR, HAL_BUSY } HAL_StatusTypeDef;
typedef enum { HAL_UART_STATE_READY = 0x20, HAL_UART_STATE_BUSY_RX = 0x22 } HAL_UART_StateTypeDef;

typedef struct {
  HAL_UART_StateTypeDef RxState;
  uint8_t* destination;
} UART_HandleTypeDef;

HAL_StatusTypeDef HAL_UART_Receive_IT(UART_HandleTypeDef* huart, uint8_t* data, uint16_t size);
HAL_StatusTypeDef HAL_UART_Transmit(UART_HandleTypeDef* huart, uint8_t* data, uint16_t size, uint32_t timeout_ms);
void HAL_UART_RxCpltCallback(UART_HandleTypeDef* huart);
void HAL_UART_ErrorCallback(UART_HandleTypeDef* huart);

void __disable_irq(void);
void __enable_irq(void); /* interrupts that became pending are taken here */
void __WFI(void);        /* until bytes have come; ends the program when the line is closed */

#endif
